import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@erx/postgres';
import { hubFilePath } from '../paths.ts';
import { perService } from '../services.ts';
import { type HubFile, readHubFile } from '../supervisor/hub-file.ts';
import { findPrescription, PrescriptionTrail, type Sqls } from './follow-prescription.ts';
import { isAlive, readHealth } from './health.ts';
import type { View } from './print.ts';
import { openScreen } from './screen.ts';

type Options = { dataDir: string; hub: HubFile; wanted: string | undefined; signal: AbortSignal };

const EACH_MS = 1_000;
/** Without a name the newest prescription is followed, until nothing has happened to it for so long. */
const QUIET_MS = 5_000;

/** Shows a living hub once a second until the person, or the hub, ends. Gives whether the hub still lives. */
export async function watchHub({ dataDir, hub, wanted, signal }: Options): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const sqls = perService(
    (name) => stack.adopt(openDatabase(hub.databases[name], 2, 'watch'), (it) => it.close().catch(() => {})).sql,
  );
  const screen = stack.use(openScreen());
  let trail: PrescriptionTrail | undefined;
  let lastNews = 0;
  while (!signal.aborted) {
    const now = readHubFile(hubFilePath(dataDir));
    if (now?.pid === undefined || !isAlive(now.pid)) return false;
    try {
      if (trail === undefined || (wanted === undefined && Date.now() - lastNews > QUIET_MS)) {
        const newest = await findPrescription(sqls, wanted);
        if (newest !== undefined && newest.id !== trail?.id) trail = new PrescriptionTrail(newest.id);
      }
      const view = await look(now, sqls, trail);
      lastNews = Math.max(0, ...view.steps.map(({ createdAt }) => createdAt.getTime()));
      screen.show(view);
    } catch (error) {
      screen.trouble(`the databases do not answer (${(error as Error).message}); looking again`);
    }
    await sleep(EACH_MS, undefined, { signal }).catch(() => {});
  }
  return true;
}

async function look(hub: HubFile, sqls: Sqls, trail: PrescriptionTrail | undefined): Promise<View> {
  const [steps, health, prescription] = await Promise.all([
    trail?.look(sqls) ?? [],
    readHealth(hub, sqls),
    trail && findPrescription(sqls, trail.id),
  ]);
  return { prescription, steps, health };
}

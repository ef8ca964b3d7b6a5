import { setTimeout as sleep } from 'node:timers/promises';
import { readHubFile } from '../supervisor/hub-file.ts';
import { runLoad } from './run-load.ts';
import { countStatements, idleBetween, readTraffic, type Traffic, type TrafficPer, trafficPer } from './traffic.ts';

const IDLE_MS = 10_000;
const CATCH_UP_MS = 3_000;

/** What one lifecycle makes the databases do, lived one after another while nobody else calls. */
export async function countLifecycles(hubFile: string, lifecycles: number, signal: AbortSignal): Promise<TrafficPer> {
  const hub = readHubFile(hubFile);
  if (hub === undefined) throw new Error('a living hub has its file');
  const read = (): Promise<Traffic> => readTraffic({ adminUrl: hub.adminUrl, databases: Object.values(hub.databases) });
  await countStatements(hub.adminUrl);
  await sleep(CATCH_UP_MS);
  const quiet = await read();
  await sleep(IDLE_MS);
  const idle = idleBetween(quiet, await read());
  let before: Promise<Traffic> | undefined;
  await runLoad(hubFile, { most: lifecycles + 1, warmUp: 1, seconds: 600, concurrency: 1 }, signal, () => {
    before = read();
  });
  await sleep(CATCH_UP_MS);
  if (before === undefined) throw new Error('nothing was measured');
  return trafficPer(await before, await read(), lifecycles, idle);
}

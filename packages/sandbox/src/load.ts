import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorityClient } from './clients/authority.ts';
import { type Connection, Session } from './clients/http.ts';
import { openHub, readShelf, readWorldNote, writePrivate, writeShelf } from './folder.ts';
import { importStock, type Progress } from './import-world.ts';
import { Allotment } from './plays/allotment.ts';
import { Director } from './plays/director.ts';
import { fill } from './plays/fill.ts';
import { prescribe } from './plays/prescribe.ts';
import { goesWell } from './plays/run.ts';
import { clockOffset, openStage, type Scene } from './plays/stage.ts';
import type { Visit } from './plays/visit.ts';
import { waitUntilVisible } from './plays/wait.ts';
import { type Steps, Times } from './report.ts';
import { makeWorld } from './world/world.ts';

export type LoadOptions = {
  hub: string;
  seed: string;
  /** At most so many; packages for all of them are received beforehand. */
  lifecycles: number;
  /** The first so many count for nothing. */
  warmUp: number;
  seconds: number;
  /** Closed loop: so many at once, the next one begins when one ends. */
  concurrency?: number | undefined;
  /** Open loop: so many begin each second, whatever becomes of those before. */
  perSecond?: number | undefined;
  report: string;
};

export type LoadReport = {
  /** Completed while it was measured. */
  lifecycles: number;
  wrong: string[];
  calls: number;
  seconds: number;
  /** Milliseconds; `lifecycle` counts from the instant at which it was due. */
  steps: Steps;
  /** The packages or the people ran out before the time did. */
  ranOut: boolean;
};

const PATIENCE_MS = 60_000;

/**
 * The plain way and nothing else, again and again: pre-check, upload, identity, search, lock, history, review, quote,
 * sale, hand-over of one pack. Says over the channel when measuring begins and ends.
 */
export async function load(options: LoadOptions, progress: Progress): Promise<LoadReport> {
  const { url, authority, dir } = openHub(options.hub);
  const note = readWorldNote(dir);
  if (note === undefined) throw new Error('This hub has no sandbox world yet: run the command `world` first.');
  const world = makeWorld(note.seed);
  const times = new Times();
  let calls = 0;
  const onAnswer = (step: string, ms: number): void => {
    calls += Number(step !== 'visible');
    times.record(step, ms);
  };
  const connection: Connection = { url, patienceMs: PATIENCE_MS, onAnswer };
  const allotment = new Allotment(world.pharmacies, readShelf(dir));
  const director = new Director(world, allotment, `erx-load/${options.seed}`);
  const visits = Array.from({ length: options.lifecycles }, () => director.visit({ single: true, packs: 1 }));
  writeShelf(dir, allotment.shelf);
  const client = new AuthorityClient(new Session(connection, authority));
  await importStock(client, allotment.orders());
  const stage = openStage(world, connection, await clockOffset(connection, authority));
  await waitUntilVisible(stage);

  const wrong: string[] = [];
  let ended = 0;
  const live = async (visit: Visit, due: number): Promise<void> => {
    const scene: Scene = { ...stage, log: [], sales: [] };
    const well = await goesWell(scene, async () => {
      await fill(scene, visit, await prescribe(scene, visit));
    });
    if (!well) wrong.push(scene.log.join(' '));
    ended += 1;
    times.record('lifecycle', performance.now() - due);
  };

  const measured = visits.slice(options.warmUp);
  progress(`warming up with ${options.warmUp}`);
  await closed(visits.slice(0, options.warmUp), options.concurrency ?? 4, Number.POSITIVE_INFINITY, live);
  times.clear();
  [ended, calls] = [0, 0];
  wrong.length = 0;
  process.send?.({ type: 'measuring' });
  const began = performance.now();
  const until = began + options.seconds * 1_000;
  await (options.perSecond === undefined
    ? closed(measured, options.concurrency ?? 1, until, live)
    : open(measured, options.perSecond, until, live));
  const seconds = (performance.now() - began) / 1_000;
  const report: LoadReport = {
    lifecycles: ended - wrong.length,
    wrong: wrong.slice(0, 20),
    calls,
    seconds,
    steps: times.summary(),
    ranOut: ended + options.warmUp >= options.lifecycles,
  };
  writePrivate(options.report, report);
  process.send?.({ type: 'measured' });
  return report;
}

type Live = (visit: Visit, due: number) => Promise<void>;

async function closed(visits: readonly Visit[], concurrency: number, until: number, live: Live): Promise<void> {
  const queue = visits.values();
  const worker = async (): Promise<void> => {
    for (const visit of queue) {
      const now = performance.now();
      if (now >= until) return;
      await live(visit, now);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function open(visits: readonly Visit[], perSecond: number, until: number, live: Live): Promise<void> {
  const began = performance.now();
  const running: Promise<void>[] = [];
  for (const [index, visit] of visits.entries()) {
    const due = began + (index * 1_000) / perSecond;
    if (due >= until) break;
    await sleep(Math.max(0, due - performance.now()));
    running.push(live(visit, due));
  }
  await Promise.all(running);
}

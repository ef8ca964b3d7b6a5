import { writeFileSync } from 'node:fs';
import { AuthorityClient } from './clients/authority.ts';
import { type Connection, Session } from './clients/http.ts';
import { openHub, readShelf, readWorldNote, writeShelf } from './folder.ts';
import { importStock, type Progress } from './import-world.ts';
import { Allotment } from './plays/allotment.ts';
import { Director } from './plays/director.ts';
import { lastAct, programme } from './plays/kinds.ts';
import { castLastAct, playLastAct } from './plays/last-act.ts';
import { placesNow, readOn } from './plays/regulators.ts';
import { cast, type Played, run } from './plays/run.ts';
import { clockOffset, openStage } from './plays/stage.ts';
import { waitUntilVisible } from './plays/wait.ts';
import { lines, makeReport, type Report, Times } from './report.ts';
import { seeded } from './world/random.ts';
import { makeWorld } from './world/world.ts';

export type PlayOptions = {
  hub: string;
  prescriptions: number;
  seed: string;
  concurrency: number;
  /** After so long no further play begins; those under way go on to their end. */
  seconds?: number;
  report?: string;
};

/** Longer than any restart of a part of the hub. */
const PATIENCE_MS = 180_000;
const PROGRESS_MS = 1_000;
/** A run of so few plays only shows that the hub lives. */
const WITHOUT_LAST_ACT = 50;

/** Plays the main job so many times against a hub that has the world. */
export async function playIn(options: PlayOptions, progress: Progress): Promise<Report> {
  const { url, authority, logKeys, dir } = openHub(options.hub);
  const note = readWorldNote(dir);
  if (note === undefined) throw new Error('This hub has no sandbox world yet: run the command `world` first.');
  const world = makeWorld(note.seed);
  const times = new Times();
  const connection: Connection = { url, patienceMs: PATIENCE_MS, onAnswer: times.record };

  const random = (part: string) => seeded(`erx-plays/${options.seed}/${part}`);
  const allotment = new Allotment(world.pharmacies, readShelf(dir));
  const director = new Director(world, allotment, `erx-plays/${options.seed}/cast`);
  // Where there is no clock to move, or hardly a play, there is no last act.
  const client = new AuthorityClient(new Session(connection, authority));
  const closing = options.prescriptions > WITHOUT_LAST_ACT && (await client.clock()).ok ? lastAct : [];
  const count = options.prescriptions - closing.length;
  const plays = cast(programme(count, random('programme')), director);
  const parts = castLastAct(closing, director, count + 1);
  // Noted before they are used: a run that is killed leaves packages behind, never a package twice.
  writeShelf(dir, allotment.shelf);

  const openStageNow = async () => openStage(world, connection, await clockOffset(connection, authority));
  const stage = await openStageNow();
  const orders = allotment.orders();
  if (orders.length > 0) await importStock(client, orders);
  progress('waiting until the world is visible everywhere');
  await waitUntilVisible(stage);
  const places = await placesNow(stage, dir);
  times.clear();

  const startedAt = new Date();
  const played: Played[] = [];
  const onPlayed = (result: Played): void => void played.push(result);
  const tick = setInterval(() => progress(standing(played, options.prescriptions, startedAt)), PROGRESS_MS);
  process.send?.({ type: 'curtain' });
  try {
    await run(stage, plays, options.concurrency, onPlayed, {
      mayBegin: () => Date.now() - startedAt.getTime() < (options.seconds ?? Number.POSITIVE_INFINITY) * 1_000,
      onInFlight: (inFlight) => process.send?.({ type: 'playing', inFlight, played: played.length }),
    });
    await playLastAct(openStageNow, client, parts, onPlayed);
  } finally {
    clearInterval(tick);
  }
  const seconds = (Date.now() - startedAt.getTime()) / 1_000;
  progress(standing(played, options.prescriptions, startedAt));
  const report = makeReport(
    played.sort((a, b) => a.play - b.play),
    times.summary(),
    await readOn(stage, places, logKeys),
    startedAt,
    seconds,
  );
  if (options.report !== undefined) writeFileSync(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
  for (const line of lines(report)) console.log(line);
  return report;
}

function standing(played: readonly Played[], of: number, since: Date): string {
  const wrong = played.filter((each) => each.wrong).length;
  const sales = played.reduce((sum, each) => sum + each.sales.length, 0);
  const seconds = (Date.now() - since.getTime()) / 1_000;
  return `played ${played.length} of ${of}, ${sales} sales, ${wrong} wrong, ${seconds.toFixed(0)} s`;
}

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runSandbox } from '../commands/sandbox.ts';
import type { Progress } from '../progress.ts';
import type { Hub } from '../supervisor/start-hub.ts';
import { planStrikes } from './plan.ts';
import type { PlayReport } from './report.ts';
import { type Kill, strikeAll } from './striker.ts';

/** More than a machine plays in a minute: a run ends by the clock, not for want of plays. */
const PLAYS_A_MINUTE = 600;

type Options = {
  hub: Hub;
  dataDir: string;
  minutes: number;
  seed: string;
  concurrency: number;
  progress: Progress;
  signal: AbortSignal;
};

/** What the sandbox says while it plays. */
type Message = { type: 'curtain' } | { type: 'playing'; inFlight: number; played: number };

export type UnderFire = {
  kills: Kill[];
  /** Absent when the plays did not come to their end. */
  plays: PlayReport | undefined;
  /** Plays that ended within the minutes in which processes were killed. */
  meanwhile: number;
};

/** Plays for so many minutes; from the first play on processes are killed. The plays begun go on to their end. */
export async function playUnderFire(options: Options): Promise<UnderFire> {
  const { hub, dataDir, minutes, seed, concurrency, progress, signal } = options;
  const report = join(dataDir, 'play-report.json');
  rmSync(report, { force: true });
  const ended = new AbortController();
  let [inFlight, meanwhile, began] = [0, 0, 0];
  let striking: Promise<Kill[]> | undefined;
  const onMessage = (message: Message): void => {
    if (message.type === 'playing') {
      inFlight = message.inFlight;
      if (Date.now() < began + minutes * 60_000) meanwhile = message.played;
    } else if (message.type === 'curtain') {
      began = Date.now();
      striking ??= strikeAll({
        strikes: planStrikes(seed, minutes * 60_000, [...hub.kept.keys()]),
        kept: hub.kept,
        playsInFlight: () => inFlight,
        onKill: ({ process: name }) => progress(`killed ${name}, ${inFlight} plays in flight`),
        signal: AbortSignal.any([signal, ended.signal]),
      });
    }
  };
  const numbers = { prescriptions: minutes * PLAYS_A_MINUTE, seconds: minutes * 60, seed, concurrency };
  const args = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  await runSandbox(['play', '--hub', hub.file, ...args, '--report', report], signal, onMessage);
  const plays = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as PlayReport) : undefined;
  // Without plays there is nothing to disturb any more.
  if (plays === undefined) ended.abort();
  return { kills: (await striking) ?? [], plays, meanwhile };
}

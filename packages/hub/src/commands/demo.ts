import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runBooks } from '../books/main.ts';
import { Failure } from '../failure.ts';
import { hubFilePath, logPath } from '../paths.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import { findLivingHub } from '../supervisor/living-hub.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { watchHub } from '../watch/watch-hub.ts';
import { writeAtomically } from '../write-atomically.ts';
import { type Context, httpPort, wholeNumber } from './context.ts';
import { ensureWorld, runSandbox } from './sandbox.ts';
import { startHubApart } from './start-hub-apart.ts';

/** `npm run demo`: plays the main job on the living hub, else on one of its own, and succeeds if the books balance. */
export async function demo(args: string[], context: Context): Promise<number> {
  const { dataDir, progress, signal } = context;
  const options = readOptions(args);
  await using stack = new AsyncDisposableStack();
  const living = await findLivingHub(dataDir, signal);
  if (living) progress(`playing on the hub at ${living.gateway.url}`);
  else if (options.keep) await startHubApart(context);
  else {
    const own = await startHub({ dataDir, httpPort: httpPort(), isBrief: true, witnesses: true, progress, signal });
    stack.use(own);
    await ensureWorld(context);
    own.announce();
    stack.defer(() => progress('stopping'));
  }
  const report = join(dataDir, 'demo-report.json');
  rmSync(report, { force: true }); // what an earlier run left says nothing about this one
  const play = ['play', '--hub', hubFilePath(dataDir), ...options.play, '--report', report];
  const code = await (options.watch ? playWatched(play, context) : runSandbox(play, signal));
  signal.throwIfAborted();
  const { steps: latencies, ...plays } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const books = await runBooks(hubFilePath(dataDir), plays.saleAnswers);
  console.log(books.lines.join('\n'));
  writeAtomically(
    report,
    `${JSON.stringify({ balanced: books.balanced, ...plays, latencies, books }, undefined, 2)}\n`,
  );
  progress(`report: ${report}`);
  if (options.keep) progress(`the hub stays; \`kill ${readHubFile(hubFilePath(dataDir))?.pid}\` stops it`);
  return code === 0 && books.balanced ? 0 : 1;
}

/** Plays with the watch on the terminal; what the sandbox says goes to its log. */
async function playWatched(play: string[], { dataDir, signal }: Context): Promise<number> {
  const hub = await findLivingHub(dataDir, signal);
  if (hub === undefined) throw new Failure('The hub has ended.');
  const played = new AbortController();
  const log = openSync(logPath(dataDir, 'demo'), 'w', 0o600);
  const watching = watchHub({ dataDir, hub, wanted: undefined, signal: AbortSignal.any([signal, played.signal]) });
  try {
    return await runSandbox(play, signal, () => {}, log);
  } finally {
    played.abort();
    await watching;
    closeSync(log);
  }
}

const knownOptions = {
  prescriptions: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
  concurrency: { type: 'string', default: '12' },
  keep: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
} as const;

function readOptions(args: string[]): { keep: boolean; watch: boolean; play: string[] } {
  const { keep, watch, ...numbers } = parse(args);
  return {
    keep,
    watch,
    play: Object.entries(numbers).flatMap(([name, text]) => [`--${name}`, String(wholeNumber(`--${name}`, text))]),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: knownOptions }).values;
  } catch (error) {
    const known = Object.keys(knownOptions).map((name) => `--${name}`);
    throw new Failure(`${(error as Error).message.split('.')[0]}. The demo knows ${known.join(', ')}.`);
  }
}

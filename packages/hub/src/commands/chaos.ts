import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Books, runBooks } from '../books/main.ts';
import { watchInFlight } from '../chaos/in-flight.ts';
import { playUnderFire } from '../chaos/play-under-fire.ts';
import { chaosLines, makeChaosReport, type PlayReport } from '../chaos/report.ts';
import { claimFolder } from '../engines/claim-folder.ts';
import { removeKafkaData } from '../engines/kafka.ts';
import { removePostgresData } from '../engines/postgres.ts';
import { Failure } from '../failure.ts';
import { hubFilePath, openDataDir } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { readHubFile } from '../supervisor/hub-file.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { writeAtomically } from '../write-atomically.ts';
import { type Context, wholeNumber } from './context.ts';
import { ensureWorld } from './sandbox.ts';

/** Each comparison waits 20 s for rest: what the last kill left behind has so long to be caught up. */
const COMPARISONS = 3;

/**
 * `npm run chaos`: plays the demo's mix on a hub of its own while its processes are killed, and succeeds if every play
 * ends as it must, the books balance and nothing hangs.
 */
export async function chaos(args: string[], { dataDir: outer, progress, signal }: Context): Promise<number> {
  const options = readOptions(args);
  if (process.env['ERX_POSTGRES_URL'] || process.env['ERX_KAFKA_BROKERS']) {
    throw new Failure('chaos kills its engines, so it needs its own: unset ERX_POSTGRES_URL and ERX_KAFKA_BROKERS.');
  }
  const dataDir = openDataDir(join(outer, 'chaos'));
  await removeRemains(dataDir);
  await using stack = new AsyncDisposableStack();
  const { http } = await choosePorts(dataDir, ['http']);
  const hub = stack.use(await startHub({ dataDir, httpPort: http, isBrief: true, progress, signal }));
  await ensureWorld({ dataDir, progress, signal });
  hub.announce();
  const databases = readHubFile(hub.file)?.databases;
  if (databases === undefined) throw new Error('a living hub has its file');
  const watch = stack.use(watchInFlight(databases));

  const { kills, plays, meanwhile } = await playUnderFire({ hub, dataDir, ...options, progress, signal });
  signal.throwIfAborted();
  progress('comparing the books');
  const books = await compareBooks(hub.file, plays?.saleAnswers);
  const report = makeChaosReport({
    ...options,
    everybody: [...hub.kept.keys()],
    kills,
    longest: watch.longest(),
    blind: watch.blind(),
    plays,
    meanwhile,
    books,
  });
  console.log([...books.lines, ...chaosLines(report)].join('\n'));
  const file = join(outer, 'chaos-report.json');
  writeAtomically(file, `${JSON.stringify(report, undefined, 2)}\n`);
  progress(`report: ${file}`);
  progress('stopping');
  return report.passed ? 0 : 1;
}

/** An earlier run's hub is nobody's any more: each run begins with an empty one. */
async function removeRemains(dataDir: string): Promise<void> {
  await using _claim = await claimFolder(dataDir);
  removePostgresData(dataDir);
  removeKafkaData(dataDir);
  for (const name of ['sandbox', 'logs']) rmSync(join(dataDir, name), { recursive: true, force: true });
  rmSync(hubFilePath(dataDir), { force: true });
  openDataDir(dataDir);
}

async function compareBooks(hubFile: string, answers: PlayReport['saleAnswers'] | undefined): Promise<Books> {
  for (let comparison = 1; ; comparison += 1) {
    const books = await runBooks(hubFile, answers);
    if (books.balanced || comparison === COMPARISONS) return books;
  }
}

function readOptions(args: string[]): { minutes: number; seed: string; concurrency: number } {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '16' },
    },
  });
  return {
    minutes: wholeNumber('--minutes', values.minutes, 600),
    seed: String(wholeNumber('--seed', values.seed)),
    concurrency: wholeNumber('--concurrency', values.concurrency, 64),
  };
}

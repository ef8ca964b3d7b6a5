import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '@erx/postgres';
import { makeWorld } from '@erx/sandbox';
import { runBooks } from '../books/main.ts';
import { existingData } from '../engines/postgres/home.ts';
import { removePostgresData } from '../engines/postgres.ts';
import { Failure } from '../failure.ts';
import { type Collector, collectTelemetry } from '../leaks/collect-telemetry.ts';
import { judge } from '../leaks/judge.ts';
import { type Needle, needlesOf } from '../leaks/needles.ts';
import { type Kind, type Searcher, searchFiles, searchTables, startSearch } from '../leaks/places.ts';
import { plant, planted } from '../leaks/plant.ts';
import { recordErrors } from '../leaks/record-errors.ts';
import { createScanner } from '../leaks/scanner.ts';
import { secretPatterns } from '../leaks/secret-patterns.ts';
import { openDataDir } from '../paths.ts';
import { choosePorts } from '../ports.ts';
import { serviceNames } from '../services.ts';
import { startHub } from '../supervisor/start-hub.ts';
import { type Context, wholeNumber } from './context.ts';
import { runSandbox } from './sandbox.ts';

/** The seed with which a hub's world is made. */
const SEED = '1';

/**
 * `npm run leak-check [-- --prescriptions 100]`: plays a demo on a hub of its own, then looks for the sandbox's people in
 * everything that the hub wrote, and for the hub's own secrets outside of the files that are theirs. A planted person has to be found in every kind of place, or the search proves nothing.
 */
export async function leakCheck(args: string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args, options: { prescriptions: { type: 'string', default: '100' } } });
  const prescriptions = String(wholeNumber('--prescriptions', values.prescriptions));
  if (process.env['ERX_POSTGRES_URL'] || process.env['ERX_KAFKA_BROKERS']) {
    throw new Failure('leak-check reads the files of its own engines: unset ERX_POSTGRES_URL and ERX_KAFKA_BROKERS.');
  }
  const { progress } = context;
  const dataDir = openDataDir(join(context.dataDir, 'leak-check'));
  removePostgresData(dataDir);
  rmSync(dataDir, { recursive: true });
  openDataDir(dataDir);
  const persons = makeWorld(SEED).persons.map(({ record }) => record);
  const plantedNeedles = needlesOf([planted], 'planted person');
  const needles = [...needlesOf(persons, 'person'), ...plantedNeedles];

  await using collector = await collectTelemetry();
  const search = await playAndSearchTables({ ...context, dataDir }, prescriptions, needles, collector);
  searchTelemetry(search, collector);
  progress('searching files');
  const cluster = existingData(dataDir) ?? dataDir;
  searchFiles(search, dataDir, (path) => (path === OUTSIDE ? undefined : kindOf(dataDir, cluster, path)));
  // Of root's the database files lie elsewhere.
  if (!isBelow(dataDir, cluster)) searchFiles(search, cluster, (path) => kindOf(cluster, cluster, path));

  const verdict = judge(
    search,
    plantedNeedles.map(({ label }) => label),
    persons.length,
  );
  if (verdict.passed) {
    removePostgresData(dataDir);
    rmSync(dataDir, { recursive: true });
  } else progress(`what was searched stays in ${dataDir}`);
  console.log(verdict.lines.join('\n'));
  return verdict.passed ? 0 : 1;
}

function kindOf(folder: string, cluster: string, path: string): Kind {
  const whole = join(folder, path);
  if (isBelow(join(cluster, 'pg_wal'), whole)) return 'write-ahead log';
  if (isBelow(cluster, whole)) return 'database files';
  if (path.startsWith('logs')) return 'logs';
  return path.startsWith(join('kafka', 'log')) ? 'topics' : 'other files';
}

function isBelow(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..');
}

/** Where the sandbox, the world outside, keeps its people: the only file that may. */
const OUTSIDE = join('sandbox', 'persons.json');

/** What the services have sent, the rest when they ended. */
function searchTelemetry(search: Searcher, { sent }: Collector): void {
  for (const kind of ['traces', 'metrics'] as const) {
    const bodies = sent.filter((each) => each.kind === kind);
    // One of them was planted.
    if (bodies.length < 2) throw new Failure(`The services sent no ${kind}, so that nothing is proven.`);
    for (const { bytes } of bodies) search.look(kind, 'what a service sent', bytes);
  }
}

/** Everything but the files, which are complete when the hub has stopped. */
async function playAndSearchTables(
  context: Context,
  prescriptions: string,
  needles: readonly Needle[],
  collector: Collector,
): Promise<Searcher> {
  const { dataDir, progress, signal } = context;
  const { http } = await choosePorts(dataDir, ['http']);
  await using stack = new AsyncDisposableStack();
  const recorder = stack.use(await recordErrors(`http://127.0.0.1:${http}`));
  process.env['ERX_PUBLIC_URL'] = recorder.url; // tokens are for the door that clients see
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  process.env['OTEL_METRIC_EXPORT_INTERVAL'] = '5000';
  const hub = stack.use(await startHub({ dataDir, httpPort: http, isBrief: true, progress, signal }));
  const { databases, secrets, tls, ...rest } = JSON.parse(readFileSync(hub.file, 'utf8'));
  const search = startSearch(createScanner(needles, secretPatterns([secrets, tls])));
  const seen = join(dataDir, 'hub-seen-by-clients.json');
  writeFileSync(seen, JSON.stringify({ ...rest, databases, secrets, tls, gateway: { url: recorder.url } }), {
    mode: 0o600,
  });
  const play = ['play', '--hub', seen, '--prescriptions', prescriptions, '--seed', SEED];
  for (const args of [['world', '--hub', seen, '--seed', SEED], play]) {
    const code = await runSandbox(args, signal);
    signal.throwIfAborted();
    if (code !== 0) throw new Failure('The plays went wrong, so that nothing is proven; the reason stands above.');
  }
  const opened = serviceNames.map((name) =>
    stack.adopt(openDatabase(databases[name], 1, 'leak-check'), (it) => it.close()),
  );
  await plant(opened, opened[serviceNames.indexOf('issuing')], dataDir, recorder, collector);
  const { balanced, lines } = await runBooks(hub.file);
  if (!balanced) throw new Failure(`The books do not balance, so that nothing is proven.\n${lines.join('\n')}`);
  progress(`searching tables, and ${recorder.answers.length} error answers`);
  for (const { place, bytes } of recorder.answers) search.look('error answers', place, bytes);
  for (const [index, { sql }] of opened.entries()) await searchTables(search, serviceNames[index] ?? '', sql);
  return search;
}

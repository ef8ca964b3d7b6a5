import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from '../engines/claim-folder.ts';
import { startClaimedEngines } from '../engines/engines.ts';
import { removeKafkaData } from '../engines/kafka.ts';
import { removePostgresData } from '../engines/postgres.ts';
import { findTests } from '../testing/find-tests.ts';
import { resultFiles } from '../testing/result-files.ts';
import { runTests } from '../testing/run-tests.ts';
import { readResults, summary } from '../testing/summary.ts';
import { writeAtomically } from '../write-atomically.ts';
import type { Context } from './context.ts';

// One process for all files: they are pure, and starting Node dozens of times would take longer than they do.
const UNIT_FLAGS = ['--test-isolation=none'];
// A failed test may leave a connection open; without the forced exit its file would hang until the time-out.
const INTEGRATION_FLAGS = ['--test-concurrency=2', '--test-timeout=120000', '--test-force-exit'];

/** `npm run test:unit [-- part of a path …]` */
export async function unitTests(args: string[], { signal }: Context): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'erx-unit-'));
  try {
    const results = join(folder, 'results.jsonl');
    const passed = await runTests({ files: findTests('unit', args), results, flags: UNIT_FLAGS, signal });
    console.log(summary(readResults(results), passed));
    return passed ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `npm test [-- part of a path …]`: all tests on real engines, fresh ones each time; results in results.jsonl. */
export async function allTests(args: string[], { dataDir, progress, signal }: Context): Promise<number> {
  const home = join(dataDir, 'test');
  mkdirSync(home, { recursive: true });
  await using stack = new AsyncDisposableStack();
  stack.use(await claimFolder(home));
  const removeData = (): void => {
    removePostgresData(home);
    removeKafkaData(home);
  };
  removeData();
  stack.defer(removeData);
  const engines = stack.use(await startClaimedEngines(home, { progress, signal, isBrief: true }));
  signal.throwIfAborted();
  const { adminUrl, databases, brokers, tls, secrets } = engines;
  const enginesFile = join(home, 'engines.json');
  writeAtomically(enginesFile, JSON.stringify({ adminUrl, databases, brokers, tls, secrets }));
  const env = { ERX_TEST_ENGINES: enginesFile };

  const [unit, integration] = resultFiles(home);
  const runs = [
    { files: findTests('unit', args), results: unit, flags: UNIT_FLAGS },
    { files: findTests('integration', args), results: integration, flags: INTEGRATION_FLAGS },
  ];
  let passed = true;
  for (const run of runs) {
    rmSync(run.results, { force: true });
    passed = (await runTests({ ...run, env, signal })) && passed;
    signal.throwIfAborted();
  }
  const results = runs.flatMap((run) => readResults(run.results));
  // Only a complete run says which requirements are proven.
  if (args.length === 0) {
    writeFileSync(join(home, 'results.jsonl'), results.map((result) => `${JSON.stringify(result)}\n`).join(''));
  }
  progress('stopping the engines');
  await stack.disposeAsync();
  console.log(summary(results, passed));
  return passed ? 0 : 1;
}

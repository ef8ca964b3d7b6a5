import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimFolder } from '../../engines/claim-folder.ts';
import { existingData } from '../../engines/postgres/home.ts';
import { startPostgres } from '../../engines/postgres.ts';
import { nodeFlags } from '../../node-flags.ts';
import { choosePorts } from '../../ports.ts';
import type { Progress } from '../../progress.ts';
import { readHubFile } from '../../supervisor/hub-file.ts';
import { startHub } from '../../supervisor/start-hub.ts';
import { usageOf } from '../processes.ts';
import { runLoad } from '../run-load.ts';
import type { Floor, Task } from './bare.ts';
import { readUnits, recordTo, type Statement } from './statement-log.ts';

export type FloorFigures = {
  lifecycles: number;
  statements: number;
  /** CPU milliseconds of a lifecycle: PostgreSQL and the bare process. */
  postgres: number;
  bare: number;
  /** Statements that did not go through on the copy. */
  failed: number;
};

type Options = { dataDir: string; httpPort: number; lifecycles: number; progress: Progress; signal: AbortSignal };

const IDLE_MS = 10_000;
const CATCH_UP_MS = 3_000;
/** Doctor, hospital pharmacist, dispensing pharmacist, identity authority. */
const SIGNATURES = 4;

/**
 * The floor under a lifecycle: its SQL statements, as PostgreSQL logged them, run once more by one bare process on a copy
 * of the databases from before, with as many SM2 verifications. No HTTP, gRPC or Kafka. The hub must be stopped.
 */
export async function measureFloor(options: Options): Promise<FloorFigures> {
  const { dataDir, lifecycles, progress } = options;
  const data = existingData(dataDir);
  if (data === undefined) throw new Error('a bench that ran has its databases');
  const copy = `${data}-before`;
  rmSync(copy, { recursive: true, force: true });
  execFileSync('cp', ['-a', data, copy]);
  const log = join(data, 'statements');
  rmSync(log, { recursive: true, force: true });
  progress(`the floor: recording the statements of ${lifecycles} lifecycles`);
  const recorded = await record(options);
  const task = taskOf(join(log, 'statements.json'), recorded, lifecycles);
  rmSync(data, { recursive: true });
  renameSync(copy, data);
  progress(`the floor: ${task.units.length} transactions by one bare process`);
  const { postgres, bare, failed } = await replay(options, task);
  const statements = task.units.reduce((sum, unit) => sum + unit.statements.length, 0);
  const per = (value: number): number => Math.round((value / lifecycles) * 10) / 10;
  return { lifecycles, statements: per(statements), postgres: per(postgres), bare: per(bare), failed };
}

type Recorded = { idleFrom: number; idleUntil: number; measuredFrom: number; databases: Record<string, string> };

async function record({ dataDir, httpPort, lifecycles, progress, signal }: Options): Promise<Recorded> {
  const postgresSettings = recordTo('statements');
  await using hub = await startHub({ dataDir, httpPort, isBrief: true, postgresSettings, progress, signal });
  hub.announce();
  await sleep(CATCH_UP_MS);
  const idleFrom = Date.now();
  await sleep(IDLE_MS);
  const idleUntil = Date.now();
  let measuredFrom = 0;
  await runLoad(hub.file, { most: lifecycles + 1, warmUp: 1, seconds: 600, concurrency: 4 }, signal, () => {
    measuredFrom = Date.now();
  });
  await sleep(CATCH_UP_MS);
  const databases = readHubFile(hub.file)?.databases ?? {};
  return { idleFrom, idleUntil, measuredFrom, databases: byName(databases) };
}

function byName(databases: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.values(databases).map((url) => [new URL(url).pathname.slice(1), url]));
}

function taskOf(file: string, recorded: Recorded, lifecycles: number): Task {
  if (!existsSync(file)) throw new Error('PostgreSQL wrote no statements');
  const ofServices = (_: Statement, application: string): boolean => application.startsWith('erx-');
  const all = readUnits(file, ofServices);
  const between = (from: number, until: number) => all.filter(({ at }) => at >= from && at < until);
  const idle = new Set(
    between(recorded.idleFrom, recorded.idleUntil).flatMap(({ statements }) => statements.map(({ text }) => text)),
  );
  const meant = readUnits(
    file,
    (statement, application) => ofServices(statement, application) && !idle.has(statement.text),
  );
  return {
    databases: recorded.databases,
    before: meant.filter(({ at }) => at < recorded.measuredFrom),
    units: meant.filter(({ at }) => at >= recorded.measuredFrom),
    verifications: SIGNATURES * lifecycles,
  };
}

async function replay(
  { dataDir, signal }: Options,
  task: Task,
): Promise<{ postgres: number; bare: number; failed: number }> {
  await using _claim = await claimFolder(dataDir);
  const ports = await choosePorts(dataDir, ['postgres']);
  const secretsDir = join(dataDir, 'secrets');
  const server = await startPostgres({ dataDir, secretsDir, port: ports.postgres, signal, onChange() {} });
  try {
    const file = join(dataDir, 'floor-task.json');
    writeFileSync(file, JSON.stringify(task), { mode: 0o600 });
    const child = fork(join(import.meta.dirname, 'bare.ts'), [file], { execArgv: [...nodeFlags] });
    await message(child);
    const pid = { postgres: server.process?.pid ?? 0 };
    const before = usageOf(pid);
    const answered = message(child);
    child.send('go');
    const floor = (await answered) as Floor;
    const after = usageOf(pid);
    rmSync(file);
    return {
      postgres: (after['postgres']?.cpuMs ?? 0) - (before['postgres']?.cpuMs ?? 0),
      bare: floor.cpuMs,
      failed: floor.failed,
    };
  } finally {
    await server.process?.stop('SIGINT', 4_000);
  }
}

async function message(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the bare process ended with ${code}`);
  });
  const [value] = await Promise.race([once(child, 'message'), ended]);
  return value;
}

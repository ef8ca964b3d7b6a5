import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { logPath } from '../paths.ts';
import { type Kept, keepAlive, untilServing } from '../process/keep-alive.ts';
import { keptPassword } from '../secrets.ts';
import { lastLines } from './last-lines.ts';
import { findPackage, installBinaries } from './postgres/binaries.ts';
import { ADMIN, makeCluster, removeForeignPidFile, runAs } from './postgres/cluster.ts';
import { waitForServer } from './postgres/databases.ts';
import { existingData, findHome, locationFile, ownerFile } from './postgres/home.ts';

export type PostgresServer = { adminUrl: string; process: Kept | undefined };
type Options = {
  dataDir: string;
  secretsDir: string;
  port: number;
  signal: AbortSignal;
  onChange(): void;
  /** Beyond the usual ones, which they replace. */
  settings?: Record<string, string> | undefined;
};

// The first start after a crash replays the log before it answers.
const START_MS = 120_000;
const EXTERNAL_MS = 30_000;

/** The server that ERX_POSTGRES_URL names, else one of our own, kept alive until its process is stopped. */
export async function startPostgres(options: Options): Promise<PostgresServer> {
  const { dataDir, secretsDir, port, signal, onChange } = options;
  const external = process.env['ERX_POSTGRES_URL'];
  if (external) {
    if (!URL.canParse(external)) {
      throw new Failure('ERX_POSTGRES_URL is no address. It has this form: postgres://user:password@host/postgres');
    }
    await waitForServer(external, EXTERNAL_MS).catch((error) => {
      throw new Failure(`The server that ERX_POSTGRES_URL names does not answer (${error.message}).`);
    });
    return { adminUrl: external, process: undefined };
  }
  const { folder, version } = findPackage();
  const home = findHome(dataDir, version);
  installBinaries(folder, home.binaries);
  const password = keptPassword(secretsDir, 'postgres-admin');
  makeCluster(home, password);
  const adminUrl = `postgres://${ADMIN}:${password}@127.0.0.1:${port}/postgres`;
  const logFile = logPath(dataDir, 'postgres');
  const kept = keepAlive({
    start() {
      removeForeignPidFile(home.data);
      const log = openSync(logFile, 'a', 0o600);
      const child = spawn(
        join(home.binaries, 'bin', 'postgres'),
        ['-D', home.data, ...settings(port, options.settings)],
        {
          ...runAs(home),
          stdio: ['ignore', log, log],
        },
      );
      closeSync(log);
      return child;
    },
    ready: () => waitForServer(adminUrl, START_MS),
    onChange,
    force: 'SIGQUIT', // takes its backends along
    firstStartFailed: () => new Failure(`PostgreSQL ended while starting: ${lastLines(logFile)} (see ${logFile})`),
  });
  await untilServing(kept, { signal, stopBy: 'SIGINT', graceMs: 4_000 });
  return { adminUrl, process: kept };
}

function settings(port: number, more: Record<string, string> = {}): string[] {
  return Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    log_error_verbosity: 'terse', // DETAIL lines print key values
    shared_preload_libraries: 'pg_stat_statements', // counts statements: what one prescription costs is looked up there
    ...more,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Throws all databases of a data folder away; nothing may run on them. */
export function removePostgresData(dataDir: string): void {
  const data = existingData(dataDir);
  if (data === undefined) return;
  for (const path of [data, ownerFile(data), locationFile(dataDir)]) rmSync(path, { recursive: true, force: true });
}

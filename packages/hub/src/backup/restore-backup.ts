import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { republishOutbox } from '@erx/messaging';
import postgres from 'postgres';
import { claimFolder } from '../engines/claim-folder.ts';
import { startClaimedEngines } from '../engines/engines.ts';
import { findPackage } from '../engines/postgres/binaries.ts';
import { findHome, type Home } from '../engines/postgres/home.ts';
import { Failure } from '../failure.ts';
import { logDirBeside } from '../log/log-places.ts';
import type { Progress } from '../progress.ts';
import { serviceNames } from '../services.ts';
import { writeAtomically } from '../write-atomically.ts';
import { endLog } from './end-log.ts';
import { loadKeys, openKeyDatabase } from './key-table.ts';
import { clusterPath, personKeysPath, readManifest, sandboxPath, secretsPath } from './layout.ts';
import { beginRestore, endRestore } from './unfinished.ts';

type Options = {
  dataDir: string;
  from: string;
  keys: string;
  /** A list of deletions newer than that of the keys. */
  erasures: string | undefined;
  /** The newest checkpoint of the log that anybody has. */
  checkpoint: string | undefined;
  progress: Progress;
  signal: AbortSignal;
};

/** What no restore takes back: the last checkpoint of the log, and what the sandbox's witnesses remember. */
const STAYS = new Set(['logs', 'audit-log', 'witnesses']);

/** Makes a data folder of a backup. Nothing of it may run before this is through: the topics are filled last. */
export async function restoreBackup(options: Options): Promise<void> {
  const { dataDir, from, keys, erasures, checkpoint, progress, signal } = options;
  const manifest = readManifest(from);
  for (const path of [secretsPath(keys), personKeysPath(keys)]) {
    if (!existsSync(path)) throw new Failure(`${path} is missing: the keys are backed up apart, name them by --keys.`);
  }
  for (const file of [erasures, checkpoint]) {
    if (file !== undefined && !existsSync(file)) throw new Failure(`${file} does not exist.`);
  }
  if (process.env['ERX_POSTGRES_URL']) throw new Failure('restore makes a cluster of its own: unset ERX_POSTGRES_URL.');
  const { version } = findPackage();
  if (major(version) !== major(manifest.serverVersion)) {
    throw new Failure(`The backup is of PostgreSQL ${manifest.serverVersion}, this installation has ${version}.`);
  }
  await using stack = new AsyncDisposableStack();
  stack.use(await claimFolder(dataDir));
  const found = readdirSync(dataDir).filter((name) => !STAYS.has(name));
  if (found.length > 0)
    throw new Failure(`${dataDir} is not empty (${found.join(', ')}): restore into an empty folder.`);

  beginRestore(dataDir);
  const secrets = join(dataDir, 'secrets');
  cpSync(secretsPath(keys), secrets, { recursive: true });
  chmodSync(secrets, 0o700);
  // Verification does them again before it serves anybody; one that is there twice does no harm.
  if (erasures !== undefined) appendFileSync(join(secrets, 'erasures.txt'), readFileSync(erasures), { mode: 0o600 });
  placeCluster(clusterPath(from), findHome(dataDir, version));
  if (existsSync(sandboxPath(from))) placeSandbox(sandboxPath(from), manifest.dataDir, dataDir);
  progress(`the files of ${manifest.madeAt} are in place`);

  const engines = stack.use(await startClaimedEngines(dataDir, { progress, signal, restoring: true }));
  const keyDatabase = stack.adopt(openKeyDatabase(engines.adminUrl), (it) => it.end({ timeout: 5 }));
  progress(`${await loadKeys(keyDatabase, personKeysPath(keys))} person keys are back in their table`);
  const ended = await endLog({ url: engines.databases.audit, logDir: logDirBeside(secrets), checkpoint });
  if (ended !== undefined) progress(`log ${ended.origin} ends with ${ended.size} leaves, another one follows it`);
  let events = 0;
  for (const name of serviceNames) {
    await forgetParked(engines.databases[name]);
    events += await republishOutbox(engines.databases[name], engines.brokers, name);
    signal.throwIfAborted();
  }
  progress(`${events} events are in their topics again`);
  endRestore(dataDir);
}

// Its list of clients names key files by their whole path.
function placeSandbox(from: string, oldDataDir: string, dataDir: string): void {
  const sandbox = join(dataDir, 'sandbox');
  cpSync(from, sandbox, { recursive: true });
  const clients = join(sandbox, 'clients.json');
  if (existsSync(clients)) writeAtomically(clients, readFileSync(clients, 'utf8').replaceAll(oldDataDir, dataDir));
}

const major = (version: string): number => Number.parseInt(version, 10);

function placeCluster(from: string, home: Home): void {
  const workshop = join(dirname(home.data), `restoring-${basename(home.data)}`);
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(dirname(workshop), { recursive: true });
  cpSync(from, workshop, { recursive: true });
  if (home.account) giveAway(workshop, home.account);
  chmodSync(workshop, 0o700);
  renameSync(workshop, home.data);
}

function giveAway(path: string, account: { uid: number; gid: number }): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    chownSync(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  chownSync(path, account.uid, account.gid);
}

// A parked message is named by its offset, which another message has now. It comes again with its topic, and is parked
// again if its consumer still cannot take it.
async function forgetParked(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`delete from parked`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

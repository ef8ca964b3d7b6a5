import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { existingData } from '../engines/postgres/home.ts';
import { Failure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { HubFile } from '../supervisor/hub-file.ts';
import { copyCluster, copyLog } from './copy-cluster.ts';
import { dumpKeys, keyTableFiles, openKeyDatabase } from './key-table.ts';
import {
  clusterPath,
  keysBeside,
  type Manifest,
  manifestPath,
  personKeysPath,
  sandboxPath,
  secretsPath,
} from './layout.ts';

type Options = { dataDir: string; hub: HubFile; to: string; progress: Progress };

/**
 * Copies a living hub: one cluster, so one instant for the databases of all services. Topics are not copied, they are
 * made anew from the outboxes. Everything committed before this call is in it.
 */
export async function makeBackup({ dataDir, hub, to, progress }: Options): Promise<Manifest> {
  const keys = keysBeside(to);
  for (const folder of [to, keys]) if (existsSync(folder)) throw new Failure(`${folder} exists already.`);
  const data = existingData(dataDir);
  if (process.env['ERX_POSTGRES_URL'] || data === undefined) {
    throw new Failure('The databases lie on a server of their own: back it up with its own tools (pg_basebackup).');
  }
  const [partial, partialKeys] = [`${to}.partial`, `${keys}.partial`];
  for (const folder of [partial, partialKeys]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  try {
    const manifest: Manifest = { dataDir, ...(await copyAll(hub, data, partial, partialKeys, progress)) };
    const sandbox = join(dataDir, 'sandbox');
    if (existsSync(sandbox)) cpSync(sandbox, sandboxPath(partial), { recursive: true });
    cpSync(hub.secrets, secretsPath(partialKeys), { recursive: true });
    chmodSync(secretsPath(partialKeys), 0o700);
    writeFileSync(manifestPath(partial), `${JSON.stringify(manifest, undefined, 2)}\n`);
    if (process.platform === 'linux') spawnSync('sync', ['-f', partial]);
    renameSync(partialKeys, keys);
    renameSync(partial, to);
    return manifest;
  } finally {
    for (const folder of [partial, partialKeys]) rmSync(folder, { recursive: true, force: true });
  }
}

async function copyAll(
  hub: HubFile,
  data: string,
  to: string,
  keys: string,
  progress: Progress,
): Promise<Omit<Manifest, 'dataDir'>> {
  const cluster = clusterPath(to);
  await using stack = new AsyncDisposableStack();
  const admin = stack.adopt(postgres(hub.adminUrl, { max: 1, onnotice: () => {} }), (it) => it.end({ timeout: 5 }));
  const keyDatabase = stack.adopt(openKeyDatabase(hub.adminUrl), (it) => it.end({ timeout: 5 }));
  // Ends with the session, as the backup itself would: a killed command leaves nothing behind.
  const session = await admin.reserve();
  // Without it the server may drop log that the copy still needs.
  await session`select pg_create_physical_replication_slot(${`erx_backup_${process.pid}`}, true, true)`;
  const keyTable = await keyTableFiles(keyDatabase);
  const [start] = await session<{ segment: string }[]>`
    select pg_walfile_name(pg_backup_start('erx-hub', true)) as segment`;
  progress('copying the cluster while it runs');
  await copyCluster(data, cluster, new Set(keyTable));
  if ((await keyTableFiles(keyDatabase)).join() !== keyTable.join()) {
    throw new Failure('The key table was rewritten meanwhile: make the backup again.');
  }
  for (const file of keyTable) {
    mkdirSync(dirname(join(cluster, file)), { recursive: true });
    writeFileSync(join(cluster, file), '', { mode: 0o600 });
  }
  const [stop] = await session<{ lsn: string; segment: string; label: string; version: string }[]>`
    select lsn::text, pg_walfile_name(lsn) as segment, labelfile as label, current_setting('server_version') as version
    from pg_backup_stop(false)`;
  if (start === undefined || stop === undefined) throw new Error('the server did not say what it copied');
  await copyLog(data, cluster, start.segment, stop.segment);
  writeFileSync(join(cluster, 'backup_label'), stop.label, { mode: 0o600 });
  await dumpKeys(keyDatabase, personKeysPath(keys));
  session.release();
  return { format: 1, madeAt: new Date().toISOString(), stopLsn: stop.lsn, serverVersion: stop.version, keyTable };
}

import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

// Of this run of the server only, or copied apart (the log).
const EMPTY_FOLDERS = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const SKIPPED = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|t\d+_\d+.*|backup_label.*|tablespace_map.*)$/;
const CONTROL = 'global/pg_control';

/**
 * Copies the files of a running cluster. Pages may be torn and files of different instants: the log written meanwhile
 * mends that at the next start. `left`: files whose content stays out. The control file goes last.
 */
export async function copyCluster(from: string, to: string, left: ReadonlySet<string>): Promise<void> {
  await copyFolder(from, to, '', left);
  await copyFile(join(from, CONTROL), join(to, CONTROL));
}

async function copyFolder(from: string, to: string, folder: string, left: ReadonlySet<string>): Promise<void> {
  await mkdir(join(to, folder), { recursive: true, mode: 0o700 });
  if (EMPTY_FOLDERS.has(folder)) return;
  for (const entry of await readdir(join(from, folder), { withFileTypes: true }).catch(unlessGone)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED.test(entry.name) || path === CONTROL || isLeft(path, left)) continue;
    if (entry.isDirectory()) await copyFolder(from, to, path, left);
    else if (entry.isFile()) await copyFile(join(from, path), join(to, path)).catch(unlessGone);
    else if (folder === 'pg_tblspc') throw new Failure('The cluster has tablespaces: use pg_basebackup for it.');
  }
}

/** A relation has further segments (`.1`) and forks (`_vm`). */
function isLeft(path: string, left: ReadonlySet<string>): boolean {
  return left.has(path.replace(/(_[a-z]+)?(\.\d+)?$/, ''));
}

// Dropped while it was being read; the log knows.
function unlessGone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Copies the segments of the log from one to another, both included. */
export async function copyLog(from: string, to: string, first: string, last: string): Promise<void> {
  const segments = (await readdir(join(from, 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name));
  const needed = segments.filter((name) => name >= first && name <= last);
  if (!needed.includes(first) || !needed.includes(last)) {
    throw new Failure('The cluster has dropped a part of its log meanwhile: make the backup again.');
  }
  for (const name of needed) await copyFile(join(from, 'pg_wal', name), join(to, 'pg_wal', name));
}

import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout that this code lies in. */
export const root = join(import.meta.dirname, '..', '..', '..');

/** Where all state lies, as a real absolute path; made when missing. */
export function openDataDir(folder = process.env['ERX_DATA_DIR'] || '.erx'): string {
  const path = resolve(root, folder);
  mkdirSync(join(path, 'logs'), { recursive: true });
  return realpathSync(path);
}

/** A short name for a folder, for places that cannot hold its path. */
export function folderHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

export const hubFilePath = (dataDir: string): string => join(dataDir, 'hub.json');
export const logPath = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

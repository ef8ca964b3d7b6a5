import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** What one backup holds. Written last: a folder without it is no backup. */
export type Manifest = {
  format: 1;
  madeAt: string;
  /** Where the hub lived: its sandbox's files name others below it. */
  dataDir: string;
  /** The state that a restore gives is that of this position in the cluster's log. */
  stopLsn: string;
  serverVersion: string;
  /** Files of the key table, empty in the copy; its rows stand in the folder of keys. */
  keyTable: string[];
};

export const manifestPath = (folder: string): string => join(folder, 'manifest.json');
/** The database cluster: data files, the log written meanwhile, `backup_label`. */
export const clusterPath = (folder: string): string => join(folder, 'cluster');
export const sandboxPath = (folder: string): string => join(folder, 'sandbox');
/** Keys lie beside, not inside: the backup of the data alone opens no name and no number. */
export const keysBeside = (folder: string): string => `${folder}-keys`;
export const secretsPath = (keys: string): string => join(keys, 'secrets');
export const personKeysPath = (keys: string): string => join(keys, 'person-keys.copy');

export function readManifest(folder: string): Manifest {
  if (!existsSync(manifestPath(folder))) throw new Failure(`${folder} holds no complete backup (no manifest.json).`);
  return JSON.parse(readFileSync(manifestPath(folder), 'utf8')) as Manifest;
}

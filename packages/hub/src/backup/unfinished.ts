import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

const note = (dataDir: string): string => join(dataDir, 'restore-is-unfinished');

export const beginRestore = (dataDir: string): void => writeFileSync(note(dataDir), `${new Date().toISOString()}\n`);
export const endRestore = (dataDir: string): void => rmSync(note(dataDir));

/** A half-restored hub would run without keys or topics. */
export function refuseUnfinished(dataDir: string): void {
  if (existsSync(note(dataDir))) {
    throw new Failure(`A restore into ${dataDir} did not come to its end. Remove the folder and restore again.`);
  }
}

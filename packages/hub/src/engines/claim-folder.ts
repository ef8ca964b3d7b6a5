import { rmSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { folderHash, hubFilePath } from '../paths.ts';
import { endProcesses } from '../process/find-processes.ts';
import { holdName, isHeld } from '../process/name-lock.ts';
import { stopLeftoverKafka } from './kafka.ts';
import { stopLeftoverPostgres } from './postgres.ts';

const lockName = (dataDir: string): string => `erx-hub-${folderHash(dataDir)}`;

/** Carried by every service process of a data folder, so that they can be told from those of other hubs. */
export const serviceMark = (dataDir: string): string => `--data-dir=${dataDir}`;

export const isClaimed = (dataDir: string): Promise<boolean> => isHeld(lockName(dataDir));

/**
 * Takes the data folder for this process until disposed, and ends what a killed holder left running: the services
 * drain by themselves when they lose their supervisor, the engines do not.
 */
export async function claimFolder(dataDir: string): Promise<AsyncDisposable> {
  const held = await holdName(lockName(dataDir));
  if (held === undefined) {
    throw new Failure(`A hub or a test run already lives in ${dataDir}. Choose another folder: ERX_DATA_DIR=<folder>.`);
  }
  rmSync(hubFilePath(dataDir), { force: true }); // of a killed hub: nothing in it is true any more
  await endProcesses(serviceMark(dataDir), [
    { signal: 'SIGTERM', graceMs: 13_000 },
    { signal: 'SIGKILL', graceMs: 2_000 },
  ]);
  await Promise.all([stopLeftoverKafka(dataDir), stopLeftoverPostgres(dataDir)]);
  return held;
}

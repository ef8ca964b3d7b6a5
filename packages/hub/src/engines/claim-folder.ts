import { rmSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { startGuard } from '../guard/start-guard.ts';
import { folderHash, hubFilePath } from '../paths.ts';
import { holdName, isHeld } from '../process/name-lock.ts';
import { endLeftovers } from './leftovers.ts';

const lockName = (dataDir: string): string => `erx-hub-${folderHash(dataDir)}`;

export const isClaimed = (dataDir: string): Promise<boolean> => isHeld(lockName(dataDir));

/**
 * Takes the data folder for this process until disposed, ends what a killed holder left running, and sets a guard that
 * does the same should this process be killed.
 */
export async function claimFolder(dataDir: string): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const held = await holdName(lockName(dataDir));
  if (held === undefined) {
    throw new Failure(`A hub or a test run already lives in ${dataDir}. Choose another folder: ERX_DATA_DIR=<folder>.`);
  }
  stack.use(held);
  rmSync(hubFilePath(dataDir), { force: true }); // of a killed hub: nothing in it is true any more
  const [left] = await endLeftovers(dataDir);
  if (left !== undefined) throw new Failure(`Another user's process still runs on ${left}. Stop it first.`);
  stack.use(startGuard(dataDir));
  return stack.move();
}

import { appendToOutbox } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import { type BusinessClock, systemActor } from '@erx/rpc';
import type { ErasureList } from '../erasure-list.ts';
import { personErased } from '../outbound/events.ts';
import { destroyKeys } from '../store/erasures.ts';

/**
 * Does again what the list says and the database has forgotten: after a restore, or when the process died between the two.
 * Before the first request is served. Gives how many persons that were.
 */
export async function replayErasures(database: Database, erasures: ErasureList, clock: BusinessClock): Promise<number> {
  const call = { actor: systemActor('verification'), at: clock.now(), machineAt: clock.machine() };
  let replayed = 0;
  for (const erasure of erasures.all()) {
    await inTransaction(database, async (tx) => {
      if ((await destroyKeys(tx, erasure.personId, erasure.at)) === 0) return;
      await appendToOutbox(tx, [personErased(erasure, call)]);
      replayed += 1;
    });
  }
  return replayed;
}

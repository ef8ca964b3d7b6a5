import { type Database, inTransaction } from '@erx/postgres';
import { takeUp } from '../domain/order-by-cause.ts';
import { lastNumber } from '../store/numbering.ts';
import { candidates, holdSubscription, queue, recordedOf } from '../store/take-up-store.ts';

const BATCH = 500;
const LOOK_AT = 5_000n;
/** A subscription holds so many undelivered ones; the rest stays where it is, in the record. */
const MOST_WAITING = 5_000;
/** An effect waits so long for a cause that has not been recorded. */
const CAUSE_MS = 10_000;
/** The cause of an effect is recorded seconds later at most, not so many numbers. */
const FARTHEST = 20_000n;

/**
 * Queues the next entries that a subscription wants, causes before effects: one transaction, which also moves its
 * position, so that each entry is queued once. Gives whether the position moved.
 */
export function takeUpNext(database: Database, subscriptionId: string, machineAt: Date): Promise<boolean> {
  return inTransaction(database, async (tx) => {
    const taking = await holdSubscription(tx, subscriptionId, MOST_WAITING);
    if (taking === undefined) return false;
    const end = await lastNumber(tx.sql, taking.division);
    const looked = taking.through + (taking.types.length === 0 && taking.place === '' ? BigInt(BATCH) : LOOK_AT);
    let upTo = looked < end ? looked : end;
    for (let limit = BATCH; upTo > taking.through; limit = Number(FARTHEST)) {
      const freshSince = new Date(machineAt.getTime() - CAUSE_MS);
      const found = await candidates(tx, taking, upTo, limit, freshSince);
      const through = found.length < limit ? upTo : (found.at(-1)?.number ?? upTo);
      const causes = found.flatMap(({ causationId }) => causationId ?? []);
      const recorded = await recordedOf(tx, taking.division, causes);
      const farthest = upTo - taking.through >= FARTHEST;
      const taken = takeUp(found, through, recorded, farthest);
      if ('lookUpTo' in taken) {
        upTo = taken.lookUpTo;
        continue;
      }
      if (taken.through === taking.through) return false;
      await queue(tx, subscriptionId, taken.entries, taken.through, machineAt);
      return true;
    }
    return false;
  });
}

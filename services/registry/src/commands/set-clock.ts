import { type Refused, refuse } from '@erx/errors';
import { type Database, inTransaction, query } from '@erx/postgres';
import type { SetClockRequest, SetClockResponse } from '@erx/proto/registry/v1/registry_service';
import type { BusinessClock, Call } from '@erx/rpc';
import { businessClock } from '../store/tables.ts';

/** Retention, decades later, still has a year of four digits. */
const LATEST = new Date(Date.UTC(9_900, 0));

/**
 * Sandbox only: from now on the business time is `now`, durably, and in force in this process. Other processes are
 * told by the gateway. Setting an absolute time again is harmless, so this write needs no key.
 */
export async function setClock(
  { database, clock }: { database: Database; clock: BusinessClock },
  { now }: SetClockRequest,
  call: Call,
): Promise<SetClockResponse | Refused> {
  if (now === undefined || Number.isNaN(now.getTime())) {
    return refuse('REQUEST_INVALID', { problem: 'NOT_AN_INSTANT' }, '/now');
  }
  if (now >= LATEST) return refuse('REQUEST_INVALID', { problem: 'TOO_LARGE', expected: LATEST.toISOString() }, '/now');
  const offsetMs = BigInt(now.getTime() - call.machineAt.getTime());
  const set = await inTransaction(database, async (tx) => {
    const [row] = await tx.db
      .update(businessClock)
      .set({ offsetMs, version: query.sql`${businessClock.version} + 1` })
      .returning();
    if (row === undefined) throw new Error('the clock has no row');
    return row;
  });
  clock.apply(set.version, set.offsetMs);
  return set;
}

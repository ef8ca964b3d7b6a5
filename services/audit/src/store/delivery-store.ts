import type { Sql, Tx } from '@erx/postgres';
import type { Undelivered } from '@erx/proto/audit/v1/subscription_service';
import { type EntryRow, entryColumns, entryOf, newestLeaf, type StoredEntry } from './entry-row.ts';
import { isUuid, toDate } from './subscription-store.ts';

/** A message that this process may send until its lease is over. */
export type Leased = {
  sequence: bigint;
  lease: string;
  url: string;
  role: string;
  attempts: number;
  /** Undefined: this is the first attempt. */
  firstTriedAt: Date | undefined;
  entry: StoredEntry;
};

/**
 * Takes due messages of a subscription, at most one of each key and none that has an earlier one waiting: so a failing
 * message holds up its own prescription and no other.
 */
export async function leaseDue(
  sql: Sql,
  id: string,
  { at, until, lease, limit }: { at: Date; until: Date; lease: string; limit: number },
): Promise<Leased[]> {
  const rows = await sql<
    (Omit<Leased, 'entry' | 'lease' | 'firstTriedAt'> & EntryRow & { firstTriedMs: bigint | null })[]
  >`
    with due as (
      select subscription_id, sequence from delivery
      where subscription_id = ${id} and state = 'WAITING' and due_at <= ${at.toISOString()}
        and exists (select from subscription where subscription_id = ${id} and state = 'ACTIVE')
        and not exists (
          select from delivery as earlier
          where earlier.subscription_id = delivery.subscription_id and earlier.key = delivery.key
            and earlier.state = 'WAITING' and earlier.sequence < delivery.sequence)
      order by sequence limit ${limit} for update skip locked
    ), leased as (
      update delivery set lease = ${lease}, due_at = ${until.toISOString()}, last_tried_at = ${at.toISOString()},
        first_tried_at = coalesce(first_tried_at, ${at.toISOString()})
      from due where delivery.subscription_id = due.subscription_id and delivery.sequence = due.sequence
      returning delivery.*
    )
    select sequence, url, role, attempts, (extract(epoch from first_tried_at) * 1000)::bigint as "firstTriedMs",
           leased.number, ${entryColumns(sql)}
    from leased join entry using (event_id) join subscription using (subscription_id) ${newestLeaf(sql)}
    order by sequence`;
  return rows.map(({ sequence, url, role, attempts, firstTriedMs, ...entry }) => ({
    sequence,
    lease,
    url,
    role,
    attempts,
    firstTriedAt: toDate(firstTriedMs),
    entry: entryOf(entry),
  }));
}

/** The receiver took it. Whoever lost the lease writes nothing: another process has it now. */
export async function noteDelivered(tx: Tx, id: string, { sequence, lease }: Leased, at: Date): Promise<void> {
  const { count } = await tx.sql`
    delete from delivery where subscription_id = ${id} and sequence = ${sequence.toString()} and lease = ${lease}`;
  if (count === 0) return;
  await tx.sql`
    update subscription set delivered = delivered + 1, last_delivered_at = ${at.toISOString()}
    where subscription_id = ${id}`;
}

type Failure = { problem: string; dueAt: Date; isGivenUp: boolean };

export async function noteFailure(sql: Sql, id: string, { sequence, lease }: Leased, failure: Failure): Promise<void> {
  await sql`
    update delivery set attempts = attempts + 1, problem = ${failure.problem}, due_at = ${failure.dueAt.toISOString()},
      lease = null, state = ${failure.isGivenUp ? 'GIVEN_UP' : 'WAITING'}
    where subscription_id = ${id} and sequence = ${sequence.toString()} and lease = ${lease}`;
}

/** The receiver wants nothing any more. What waits stays until the client decides. */
export async function pauseFor(sql: Sql, id: string, reason: string): Promise<void> {
  await sql`update subscription set state = 'PAUSED', reason = ${reason} where subscription_id = ${id}`;
}

/** What failed at least once, in the order of numbers. */
export async function undelivered(sql: Sql, id: string, after: bigint, limit: number): Promise<Undelivered[]> {
  const rows = await sql<
    (Omit<Undelivered, 'lastTriedAt' | 'nextAt'> & { lastTriedMs: bigint | null; nextMs: bigint | null })[]
  >`
    select delivery.number, event_id as "eventId", type, state, attempts, problem, (extract(epoch from last_tried_at) * 1000)::bigint as "lastTriedMs",
           case when state = 'WAITING' then (extract(epoch from due_at) * 1000)::bigint end as "nextMs"
    from delivery join entry using (event_id)
    where subscription_id = ${id} and problem <> '' and delivery.number > ${after.toString()}
    order by delivery.number limit ${limit}`;
  return rows.map(({ lastTriedMs, nextMs, ...row }) => ({
    ...row,
    lastTriedAt: toDate(lastTriedMs),
    nextAt: toDate(nextMs),
  }));
}

/** Makes undelivered messages due now, as if never tried. Empty `eventIds`: all. Gives how many. */
export async function sendAgain(tx: Tx, id: string, eventIds: readonly string[], at: Date): Promise<number> {
  const { sql } = tx;
  const { count } = await sql`
    update delivery set state = 'WAITING', due_at = ${at.toISOString()}, attempts = 0, first_tried_at = null, lease = null
    where subscription_id = ${id} and problem <> ''
      ${eventIds.length === 0 ? sql`` : sql`and event_id = any(${eventIds.filter(isUuid)}::uuid[])`}`;
  return count;
}

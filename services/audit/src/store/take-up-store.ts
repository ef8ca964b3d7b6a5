import type { Tx } from '@erx/postgres';
import type { Candidate, Recorded } from '../domain/order-by-cause.ts';
import { fits } from './entry-store.ts';
import { numbered, numberIn } from './numbering.ts';
import { toFilter } from './subscription-store.ts';

export type Taking = { division: string; through: bigint; types: readonly string[]; place: string };
export type KeyedCandidate = Candidate & { key: string };

/** Holds the subscription until the transaction is over; undefined where another process does, or nothing is to be done. */
export async function holdSubscription(tx: Tx, id: string, mostWaiting: number): Promise<Taking | undefined> {
  const [row] = await tx.sql<{ division: string; through: bigint; types: string; place: string }[]>`
    select division, through, types, place from subscription
    where subscription_id = ${id} and state = 'ACTIVE'
      and (select count(*) from delivery where subscription_id = ${id}) < ${mostWaiting}
    for update skip locked`;
  return row === undefined ? undefined : { division: row.division, through: row.through, ...toFilter(row) };
}

/** What fits after a number and up to another, in order. */
export async function candidates(
  tx: Tx,
  { division, through, ...filter }: Taking,
  upTo: bigint,
  limit: number,
  freshSince: Date,
): Promise<KeyedCandidate[]> {
  const { sql } = tx;
  const rows = await sql<(Omit<KeyedCandidate, 'causationId'> & { causationId: string | null })[]>`
    select number, event_id as "eventId", key, headers::json ->> 'ce_causationid' as "causationId",
           recorded_at > ${freshSince.toISOString()} as "isFresh"
    from ${numbered(sql, division, through, upTo)} as numbered join entry using (event_id)
    where ${fits(sql, filter)}
    order by number limit ${limit}`;
  return rows.map(({ causationId, ...row }) => ({ ...row, causationId: causationId ?? undefined }));
}

/** What the record knows of these events: their numbers in the division, where they have one. */
export async function recordedOf(tx: Tx, division: string, ids: readonly string[]): Promise<Map<string, Recorded>> {
  const rows = await tx.sql<{ eventId: string; number: bigint | null }[]>`
    select event_id as "eventId", ${numberIn(tx.sql, division)} as number
    from entry where event_id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map(({ eventId, number }) => [eventId, { number: number ?? undefined }]));
}

/** Queues entries in the order given, and remembers how far the subscription has looked. */
export async function queue(
  tx: Tx,
  id: string,
  entries: readonly KeyedCandidate[],
  through: bigint,
  at: Date,
): Promise<void> {
  await tx.sql`
    insert into delivery (subscription_id, number, event_id, key, due_at)
    select ${id}::uuid, number, event_id, key, ${at.toISOString()}::timestamptz
    from unnest(${entries.map(({ number }) => number.toString())}::bigint[],
                ${entries.map(({ eventId }) => eventId)}::uuid[], ${entries.map(({ key }) => key)}::text[])
      with ordinality as taken (number, event_id, key, position)
    order by position`;
  await tx.sql`update subscription set through = ${through.toString()} where subscription_id = ${id}`;
}

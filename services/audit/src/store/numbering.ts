import type { Query } from '@erx/postgres';

/** Channel on which the divisions with new numbers are named when their transaction has committed. */
export const NEWS = 'audit_entry';

/** The last number given out in a division; 0 before the first. */
export async function lastNumber(sql: Query, division: string): Promise<bigint> {
  const [row] = await sql<{ number: bigint }[]>`select number from division_end where division = ${division}`;
  return row?.number ?? 0n;
}

/**
 * What bears the numbers of a division after one and up to another: rows of `event_id`, `number`. A limit behind it does
 * not bound what is read: the numbers do.
 */
export const numbered = (sql: Query, division: string, after: bigint, upTo: bigint) => sql`
  (select event_id, first_number + nth - 1 as number
   from entry_run, unnest(event_ids) with ordinality as placed (event_id, nth)
   where division = ${division} and first_number <= ${upTo.toString()}
     -- The run that the first of these numbers lies in begins before it.
     and first_number >= (select coalesce(max(first_number), 1) from entry_run
                          where division = ${division} and first_number <= ${(after + 1n).toString()})
     and first_number + nth - 1 > ${after.toString()} and first_number + nth - 1 <= ${upTo.toString()})`;

/** The number of an `entry` in a division; null where it has none. */
export const numberIn = (sql: Query, division: string) => sql`
  (select first_number + array_position(event_ids, entry.event_id) - 1 from entry_run
   where division = ${division} and entry_run.recorded_at = entry.recorded_at and entry.event_id = any(event_ids))`;

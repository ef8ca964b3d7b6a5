import type { Sql } from '@erx/postgres';
import { type EntryRow, entryColumns, entryOf, newestLeaf, type StoredEntry } from './entry-row.ts';

// A page fits a gRPC message whatever its events hold; the entry that passes the bound is its last.
const PAGE_BYTES = 4 * 1024 * 1024;

export type PageRange = {
  division: string;
  after: bigint;
  /** Last number to look at. */
  upTo: bigint;
  limit: number;
  /** Empty: every kind. */
  types: readonly string[];
  /** Another division that the event has a number in; empty: anywhere. */
  place: string;
};

/**
 * Entries of a division after a number, in order: at most `limit`, and at least one where there is any. `full`: what the
 * page could hold may go on behind its last entry.
 */
export async function readPage(
  sql: Sql,
  { division, after, upTo, limit, types, place }: PageRange,
): Promise<{ entries: StoredEntry[]; full: boolean }> {
  const rows = await sql<EntryRow[]>`
    select number, ${entryColumns(sql)}
    from (
      select entry_number.number, entry.*,
             sum(octet_length(value)) over (order by number) - octet_length(value) as bytes_before
      from entry_number join entry using (event_id)
      where division = ${division} and number > ${after.toString()} and number <= ${upTo.toString()}
        ${types.length === 0 ? sql`` : sql`and type = any(${[...types]}::text[])`}
        ${
          place === ''
            ? sql``
            : sql`and exists (select from entry_number as other
                              where other.event_id = entry.event_id and other.division = ${place})`
        }
      order by number limit ${limit}) as entry ${newestLeaf(sql)}
    where bytes_before < ${PAGE_BYTES}
    order by number`;
  const bytes = rows.reduce((sum, { value }) => sum + value.length, 0);
  return {
    entries: rows.map(entryOf),
    full: rows.length >= limit || bytes >= PAGE_BYTES,
  };
}

/**
 * The number after which a replay from an instant begins. Clocks of two recording machines may differ by `slackMs`; so
 * much earlier it begins, and misses nothing.
 */
export async function numberBefore(
  sql: Sql,
  division: string,
  since: Date,
  slackMs: number,
): Promise<bigint | undefined> {
  const [first] = await sql<{ number: bigint }[]>`
    select number from entry join entry_number using (event_id)
    where division = ${division} and recorded_at >= ${new Date(since.getTime() - slackMs).toISOString()}
    order by recorded_at, number limit 1`;
  return first === undefined ? undefined : first.number - 1n;
}

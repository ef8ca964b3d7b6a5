import type { Query, Sql } from '@erx/postgres';
import { type EntryRow, entryColumns, entryOf, newestLeaf, type StoredEntry } from './entry-row.ts';
import { numbered, numberIn } from './numbering.ts';

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

/** Whether an `entry` is of these kinds and has a number in this further division. */
export const fits = (sql: Query, { types, place }: Pick<PageRange, 'types' | 'place'>) => sql`
  ${types.length === 0 ? sql`true` : sql`type = any(${[...types]}::text[])`}
  and ${place === '' ? sql`true` : sql`${numberIn(sql, place)} is not null`}`;

/**
 * Entries of a division after a number, in order: at most `limit`, and at least one where there is any. `full`: what the
 * page could hold may go on behind its last entry.
 */
export async function readPage(
  sql: Sql,
  { division, after, upTo, limit, ...filter }: PageRange,
): Promise<{ entries: StoredEntry[]; full: boolean }> {
  const rows = await sql<EntryRow[]>`
    select number, ${entryColumns(sql)}
    from (
      select number, entry.*,
             sum(octet_length(value)) over (order by number) - octet_length(value) as bytes_before
      from ${numbered(sql, division, after, upTo)} as numbered join entry using (event_id)
      where ${fits(sql, filter)}
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
    select first_number as number from entry_run
    where division = ${division} and recorded_at >= ${new Date(since.getTime() - slackMs).toISOString()}
    order by recorded_at, first_number limit 1`;
  return first === undefined ? undefined : first.number - 1n;
}

import type { Sql } from '@erx/postgres';
import type { Entry, Filter, Logged } from '@erx/proto/audit/v1/audit_service';
import type { Actor } from '@erx/proto/common/v1/common';
import { passedOver, type Range } from '../domain/passed-over.ts';
import { numberBefore, readPage } from '../store/entry-store.ts';
import { lastNumber } from '../store/numbering.ts';
import { forReader } from './for-reader.ts';

// So many numbers one page of a filtered reader looks at, however few it shows: the cost of one query stays bounded.
const LOOK_AT = 5_000n;
const CLOCKS_DIFFER_MS = 5_000;

export type Reader = Pick<Actor, 'division' | 'role'>;
export type Page = { entries: Entry[]; passedOver: Range[]; through: bigint; end: bigint };

/** What a reader of a division sees after a number: one look at the end, one indexed query. */
export async function pageFor(
  sql: Sql,
  { division, role }: Reader,
  after: bigint,
  limit: number,
  filter: Filter | undefined,
): Promise<Page> {
  // Read first: every number up to it is visible to the page.
  const end = await lastNumber(sql, division);
  const { types = [], place = '' } = filter ?? {};
  const looked = after + (types.length === 0 && place === '' ? BigInt(limit) : LOOK_AT);
  const upTo = looked < end ? looked : end;
  const { entries, full } = await readPage(sql, { division, after, upTo, limit, types, place });
  const last = entries.at(-1)?.number;
  const through = full && last !== undefined ? last : upTo > after ? upTo : after;
  const numbers = entries.map(({ number }) => number);
  return { entries: entries.map(forReader(role)), passedOver: passedOver(after, through, numbers), through, end };
}

/** Where reading begins: after a number, or with the first entry recorded at an instant; behind the end if there is none. */
export async function startOf(
  sql: Sql,
  division: string,
  { after, since }: { after: bigint; since?: Date | undefined },
): Promise<bigint> {
  if (since === undefined) return after;
  return (await numberBefore(sql, division, since, CLOCKS_DIFFER_MS)) ?? lastNumber(sql, division);
}

/** Where the last entry stands that has a leaf. */
export function lastLeaf(entries: readonly Entry[]): Logged | undefined {
  return entries.findLast(({ logged }) => logged !== undefined)?.logged;
}

import { type Database, query } from '@erx/postgres';
import type { WrappedKey } from '../sealing/wrap-key.ts';
import { personKey } from './tables.ts';

/** Living keys, oldest first. */
export async function findPersonKeys({ db }: Database, personIds: readonly string[]): Promise<WrappedKey[]> {
  if (personIds.length === 0) return [];
  const rows = await db
    .select()
    .from(personKey)
    .where(query.inArray(personKey.personId, [...personIds]))
    .orderBy(personKey.version);
  return rows.flatMap(({ wrapped, ...row }) => (wrapped === null ? [] : [{ ...row, wrapped }]));
}

/** A key that is there already stays, also one that was destroyed. */
export async function addPersonKeys({ db }: Database, keys: readonly WrappedKey[]): Promise<void> {
  if (keys.length === 0) return;
  // In one order for all, so that two imports never wait for each other.
  const ordered = keys.toSorted((a, b) => (a.personId < b.personId ? -1 : 1));
  await db.insert(personKey).values(ordered).onConflictDoNothing();
}

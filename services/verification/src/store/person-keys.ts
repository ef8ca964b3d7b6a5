import { type Database, query, type Sql, type Tx } from '@erx/postgres';
import type { WrappedKey } from '../sealing/wrap-key.ts';
import { personKey } from './tables.ts';

/** All keys, oldest first; without `wrapped` where they were destroyed. */
export type StoredKey = Omit<WrappedKey, 'wrapped'> & { wrapped: Uint8Array | null };

export async function findPersonKeys({ db }: Database, personIds: readonly string[]): Promise<StoredKey[]> {
  if (personIds.length === 0) return [];
  return db
    .select()
    .from(personKey)
    .where(query.inArray(personKey.personId, [...personIds]))
    .orderBy(personKey.version);
}

/** The newest version of each person's keys, and whether it can still be opened. */
export async function lastVersions(
  { db }: Tx,
  personIds: readonly string[],
): Promise<Map<string, { version: number; living: boolean }>> {
  if (personIds.length === 0) return new Map();
  const { personId, version, wrapped } = personKey;
  const rows = await db
    .select({ personId, version, living: query.isNotNull(wrapped).mapWith(Boolean) })
    .from(personKey)
    .where(query.inArray(personId, [...personIds]))
    .orderBy(version);
  return new Map(rows.map(({ personId: id, ...row }) => [id, row]));
}

/** A key that is there already stays, also one that was destroyed. */
export async function addPersonKeys({ db }: Tx, keys: readonly WrappedKey[]): Promise<void> {
  if (keys.length === 0) return;
  // In one order for all, so that two imports never wait for each other.
  const ordered = keys.toSorted((a, b) => (a.personId < b.personId ? -1 : 1));
  await db.insert(personKey).values(ordered).onConflictDoNothing();
}

const HUB_KEY_LOCK = 4_750_021;

/** Until this transaction ends, no other hub key takes over: what it wraps now is wrapped by the current one. */
export async function keepHubKey({ sql }: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${HUB_KEY_LOCK})`;
}

/** Waits for everybody who wraps, and lets nobody wrap until this transaction ends. */
export async function holdHubKey({ sql }: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${HUB_KEY_LOCK})`;
}

/** Living keys by the hub key that wraps them. */
export async function countByHubKey(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql<{ id: string; n: number }[]>`
    select wrap_key_id as id, count(*)::int as n from person_key where wrapped is not null group by wrap_key_id`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}

/** The next living keys after one (by person, version) that another hub key than this wraps; locked. */
export async function nextUnderOthers(
  { sql }: Tx,
  hubKeyId: string,
  after: Pick<WrappedKey, 'personId' | 'version'>,
  limit: number,
): Promise<WrappedKey[]> {
  return await sql<WrappedKey[]>`
    select person_id as "personId", version, wrap_key_id as "wrapKeyId", wrapped from person_key
    where wrapped is not null and wrap_key_id <> ${hubKeyId}
      and (person_id, version) > (${after.personId}::uuid, ${after.version}::smallint)
    order by person_id, version limit ${limit} for update`;
}

export async function replaceWrapping({ sql }: Tx, keys: readonly WrappedKey[]): Promise<void> {
  const list = (of: (key: WrappedKey) => string): string => keys.map(of).join();
  await sql`
    update person_key set wrapped = decode(new.wrapped, 'hex'), wrap_key_id = new.wrap_key_id, wrapped_at = now()
    from (select unnest(string_to_array(${list(({ personId }) => personId)}, ','))::uuid as person_id,
                 unnest(string_to_array(${list(({ version }) => String(version))}, ','))::smallint as version,
                 unnest(string_to_array(${list(({ wrapKeyId }) => wrapKeyId)}, ',')) as wrap_key_id,
                 unnest(string_to_array(${list(({ wrapped }) => Buffer.from(wrapped).toString('hex'))}, ',')) as wrapped
         ) as new
    where person_key.person_id = new.person_id and person_key.version = new.version`;
}

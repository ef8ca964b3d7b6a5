import type { Sql, Tx } from '@erx/postgres';

export type KeyState = { living: boolean; destroyedAt: Date | undefined };

/** Whether a person has a key that opens, and when the last one was destroyed; undefined: nobody. */
export async function keyState(sql: Sql | Tx['sql'], personId: string): Promise<KeyState | undefined> {
  const [row] = await sql<{ n: number; living: boolean | null; ms: number | null }[]>`
    select count(*)::int as n, bool_or(wrapped is not null) as living,
           (extract(epoch from max(destroyed_at)) * 1000)::float8 as ms
    from person_key where person_id = ${personId}`;
  if (row === undefined || row.n === 0) return undefined;
  return { living: row.living === true, destroyedAt: row.ms === null ? undefined : new Date(row.ms) };
}

/** Destroys what opens the person's data sealed until then; a key made later (a person imported anew) stays. */
export async function destroyKeys({ sql }: Tx, personId: string, at: Date): Promise<number> {
  const { count } = await sql`
    update person_key set wrapped = null, destroyed_at = ${at.toISOString()}
    where person_id = ${personId} and wrapped is not null and created_at <= ${at.toISOString()}`;
  return count;
}

/** Where and when the person was last recognised, as a patient or as an agent (代办人). */
export async function lastChecks(sql: Sql, personId: string): Promise<{ institutionId: string; at: Date }[]> {
  const rows = await sql<{ institutionId: string; ms: number }[]>`
    select holder_id as "institutionId", (extract(epoch from max(checked_at)) * 1000)::float8 as ms from identity_check
    where person_id = ${personId}
       or check_id in (select check_id from identity_check_agent where person_id = ${personId})
    group by holder_id`;
  return rows.map(({ institutionId, ms }) => ({ institutionId, at: new Date(ms) }));
}

import type { Sql } from '@erx/postgres';

export type VerificationBooks = {
  /** Passed checks, each with its grant, by purpose. */
  checks: Record<string, number>;
  /** Persons with a data key that can be opened. */
  keys: number;
  /** Persons somebody was recognised as without a data key: must be empty. */
  unreadable: string[];
};

/** Counts for the operator's comparison. */
export async function verificationBooks(sql: Sql): Promise<VerificationBooks> {
  const checks = await sql<{ purpose: string; n: number }[]>`
    select purpose, count(*)::int as n from identity_check group by purpose order by purpose`;
  const [keys] = await sql<{ n: number }[]>`
    select count(distinct person_id)::int as n from person_key where wrapped is not null`;
  const unreadable = await sql<{ personId: string }[]>`
    select person_id as "personId"
    from (select person_id from identity_check union select person_id from identity_check_agent) recognised
    where not exists (select from person_key where person_key.person_id = recognised.person_id)
    order by person_id`;
  return {
    checks: Object.fromEntries(checks.map(({ purpose, n }) => [purpose, n])),
    keys: keys?.n ?? 0,
    unreadable: unreadable.map(({ personId }) => personId),
  };
}

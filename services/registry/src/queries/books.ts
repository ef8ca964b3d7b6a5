import type { Sql } from '@erx/postgres';

export type RegistryBooks = {
  /** Imported persons; ids allotted without content are not counted. */
  persons: number;
  /** Aggregates by kind: INSTITUTION, PRACTITIONER, DRUG, PLAN, PROFILE. */
  aggregates: Record<string, number>;
};

/** Counts for the operator's comparison. */
export async function registryBooks(sql: Sql): Promise<RegistryBooks> {
  const [persons] = await sql<{ n: number }[]>`select count(*)::int as n from person where version > 0`;
  const aggregates = await sql<{ kind: string; n: number }[]>`
    select kind, count(*)::int as n from reference_aggregate group by kind order by kind`;
  return { persons: persons?.n ?? 0, aggregates: Object.fromEntries(aggregates.map(({ kind, n }) => [kind, n])) };
}

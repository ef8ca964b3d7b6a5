import type { Sql } from '@erx/postgres';

export type GatewayBooks = {
  /** Registered clients by role. */
  clients: Record<string, number>;
};

/** Counts for the operator's comparison. */
export async function gatewayBooks(sql: Sql): Promise<GatewayBooks> {
  const rows = await sql<{ role: string; n: number }[]>`
    select role, count(*)::int as n from client group by role order by role`;
  return { clients: Object.fromEntries(rows.map(({ role, n }) => [role, n])) };
}

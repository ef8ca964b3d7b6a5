import type { Sql, Tx } from '@erx/postgres';

/** An event and a division that it gets a number in. */
export type Placing = { eventId: string; division: string };

/** Channel on which the divisions with new numbers are named when their transaction has committed. */
export const NEWS = 'audit_entry';

/** The last number given out in a division; 0 before the first. */
export async function lastNumber(sql: Sql | Tx['sql'], division: string): Promise<bigint> {
  const [row] = await sql<{ number: bigint }[]>`select number from division_end where division = ${division}`;
  return row?.number ?? 0n;
}

import { type Database, query, type Tx } from '@erx/postgres';
import { Actor } from '@erx/proto/common/v1/common';
import type { Lease } from './sale-store.ts';
import { saleReversal } from './tables.ts';

/** What a reversal was begun with: everything that its steps need. */
export type Reversal = {
  saleId: string;
  reason: string;
  leftCounter: string[];
  clientId: string;
  requestKey: string;
  actor: Actor;
  profileVersion: string;
  /** Its SaleReversing. */
  reversingEventId: string;
  begunAt: Date;
  reversedAt: Date | undefined;
};

/** Begins it. The prescription is locked, and it has decided that the sale waits for its hand-over. */
export async function insertReversal(tx: Tx, begun: Omit<Reversal, 'reversedAt'>, lease: Lease): Promise<void> {
  await tx.db.insert(saleReversal).values({ ...begun, actor: Actor.encode(begun.actor).finish() });
  const written = await tx.sql`
    update sale set state = 'REVERSING', version = version + 1, attempts = 0,
      lease_token = ${lease.token}, lease_until = ${lease.until.toISOString()}
    where sale_id = ${begun.saleId} and state = 'COMPLETED'`;
  if (written.count === 0) throw new Error('a sale that waits for its hand-over is completed');
}

export async function findReversal({ db }: Pick<Database, 'db'>, saleId: string): Promise<Reversal | undefined> {
  const [row] = await db.select().from(saleReversal).where(query.eq(saleReversal.saleId, saleId));
  return row && { ...row, actor: Actor.decode(row.actor), reversedAt: row.reversedAt ?? undefined };
}

/** The sale that a client's request takes back. */
export async function findReversalOfRequest(
  { sql }: Database,
  { clientId, key }: { clientId: string; key: string },
): Promise<string | undefined> {
  const [row] = await sql<{ sale_id: string }[]>`
    select sale_id from sale_reversal where client_id = ${clientId} and request_key = ${key}`;
  return row?.sale_id;
}

/** Done: its packages belong to no sale any more. */
export async function saveReversed(tx: Tx, saleId: string, reversedAt: Date): Promise<void> {
  await tx.sql`delete from sale_code where sale_id = ${saleId}`;
  await tx.sql`update sale_reversal set reversed_at = ${reversedAt.toISOString()} where sale_id = ${saleId}`;
}

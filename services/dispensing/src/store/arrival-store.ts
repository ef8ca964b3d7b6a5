import type { Tx } from '@erx/postgres';
import { Actor } from '@erx/proto/common/v1/common';

/** A withdrawal that came before its prescription. */
export type Tombstone = { hospitalId: string; reason: string; actor: Actor };

/** A prescription's arrival and its withdrawal wait for each other: either sees what the other has left. */
export async function lockArrival(tx: Tx, prescriptionId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`arrival ${prescriptionId}`}::text, 0))`;
}

/** The first reason stays. */
export async function insertTombstone(
  tx: Tx,
  prescriptionId: string,
  { hospitalId, reason, actor }: Tombstone,
  askedAt: Date,
): Promise<void> {
  await tx.sql`
    insert into withdrawal_tombstone (prescription_id, hospital_id, reason, actor, asked_at)
    values (${prescriptionId}, ${hospitalId}, ${reason}, ${Actor.encode(actor).finish()}, ${askedAt.toISOString()})
    on conflict do nothing`;
}

export async function findTombstone(tx: Tx, prescriptionId: string): Promise<Tombstone | undefined> {
  const [row] = await tx.sql<{ hospital_id: string; reason: string; actor: Uint8Array }[]>`
    select hospital_id, reason, actor from withdrawal_tombstone where prescription_id = ${prescriptionId}`;
  if (row === undefined) return undefined;
  return { hospitalId: row.hospital_id, reason: row.reason, actor: Actor.decode(row.actor) };
}

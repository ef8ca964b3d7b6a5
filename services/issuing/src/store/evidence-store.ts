import type { Tx } from '@erx/postgres';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import { evidence as table } from './tables.ts';

/** Stores proofs exactly as they were checked. */
export async function insertEvidence(
  tx: Tx,
  prescriptionId: string,
  proofs: readonly Evidence[],
  retainUntil: Date,
): Promise<void> {
  await tx.db.insert(table).values(proofs.map((proof) => rowOf(proof, prescriptionId, retainUntil)));
}

/** Stores the proof that ended a hold; one and the same proof may have ended two. */
export async function insertEndorsement(
  tx: Tx,
  prescriptionId: string,
  proof: Evidence,
  retainUntil: Date,
): Promise<void> {
  const { prescriptionId: id, role, bytesSm3 } = table;
  await tx.db
    .insert(table)
    .values(rowOf(proof, prescriptionId, retainUntil))
    .onConflictDoNothing({ target: [id, role, bytesSm3] });
}

function rowOf(proof: Evidence, prescriptionId: string, retainUntil: Date) {
  return { ...proof, prescriptionId, signedAt: proof.signedAt ?? null, retainUntil };
}

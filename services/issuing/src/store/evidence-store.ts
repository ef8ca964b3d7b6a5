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
  await tx.db
    .insert(table)
    .values(proofs.map((proof) => ({ ...proof, prescriptionId, signedAt: proof.signedAt ?? null, retainUntil })));
}

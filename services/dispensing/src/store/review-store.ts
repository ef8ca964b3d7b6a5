import type { Tx } from '@erx/postgres';
import { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import { reviewEvidence } from './tables.ts';

export type Reviewed = {
  lockId: string;
  prescriptionId: string;
  pharmacistId: string;
  opinion: string;
  evidence: Evidence;
  reviewedAt: Date;
};

/** Keeps what the pharmacist signed (HB-28c). */
export async function insertReview(tx: Tx, reviewed: Reviewed): Promise<void> {
  await tx.db.insert(reviewEvidence).values({ ...reviewed, evidence: Evidence.encode(reviewed.evidence).finish() });
}

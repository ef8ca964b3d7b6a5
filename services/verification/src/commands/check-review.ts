import { type Refused, refusal, refuse } from '@erx/errors';
import type { CheckReviewRequest, CheckReviewResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { judgeReview, type ReviewerKind, reservations } from '../domain/judge-review.ts';
import type { Parts } from '../parts.ts';

const KINDS: readonly ReviewerKind[] = ['PHARMACIST', 'HOSPITAL_PHARMACIST'];
const pointers = { bytes: '/document', signer: '/pharmacistId', signature: '/signature' };

/**
 * HB-28a, CX-14-1b: is this review signed by a licensed pharmacist of this institution, for exactly this prescription? Gives
 * the opinion. An approval although a check failed is REVIEW_FAILED; a refusal tells the doctor why. Changes nothing.
 */
export async function checkReview(
  { reference }: Parts,
  request: CheckReviewRequest,
  call: Call,
): Promise<CheckReviewResponse | Refused> {
  const { document: bytes, signer, signature, institutionId, prescriptionId, prescriptionSm3 } = request;
  const kind = KINDS.find((known) => known === request.signerKind);
  if (kind === undefined) return refuse('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, '/signerKind');
  const { review, proof, refused } = judgeReview(
    { bytes, signer, signature, pointers },
    { kind, institutionId, prescriptionId, prescriptionSm3, reviewer: reference.practitioner(signer), at: call.at },
  );
  if (review === undefined) return { refused };
  const { opinion, reason } = review;
  const failed = reservations(review);
  if (opinion === 'APPROVED' && failed !== undefined) {
    return { refused: [refusal('REVIEW_FAILED', failed, pointers.bytes)] };
  }
  if (opinion === 'REFUSED' && reason.trim() === '') {
    return refuse('REQUEST_INVALID', { problem: 'REASON_MISSING', pointer: '/reason' }, pointers.bytes);
  }
  return { opinion, reason, evidence: proof };
}

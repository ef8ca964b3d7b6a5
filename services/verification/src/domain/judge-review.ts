import { type Refusal, refusal } from '@erx/errors';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { periodAt } from '@erx/reference';
import { type Judged, validProof } from './proof.ts';
import { type Review, readReview } from './review-document.ts';
import { signingKey } from './signing-key.ts';

export type ReviewerKind = 'HOSPITAL_PHARMACIST' | 'PHARMACIST';

export type OfferedReview = {
  bytes: Uint8Array;
  signer: string;
  signature: string;
  /** JSON pointers of the parts in the request. */
  pointers: { bytes: string; signer: string; signature: string };
};

/** What the review has to be about, and who may sign it. */
export type ReviewFacts = {
  kind: ReviewerKind;
  institutionId: string;
  prescriptionId: string;
  prescriptionSm3: string;
  /** The signer, if the reference data knows such a person. */
  reviewer: Practitioner | undefined;
  at: Date;
};

/**
 * GX-1-2-5c, CX-14-1b: a licensed pharmacist of this institution signed this review, of exactly this prescription.
 * Every reason against it at once; the opinion itself is not judged here.
 */
export function judgeReview(offered: OfferedReview, facts: ReviewFacts): Judged & { review?: Review } {
  const { pointers, bytes, signer, signature } = offered;
  const read = readReview(bytes);
  if ('problem' in read) {
    const code = facts.kind === 'PHARMACIST' ? 'PHARMACIST_REVIEW_MISSING' : 'REVIEW_MISSING';
    return { refused: [refusal(code, { problem: read.problem, pointer: read.pointer }, pointers.bytes)] };
  }
  const { review } = read;
  const keyId = keyOf(offered, review, facts);
  const refused = [
    ...licenceProblems(review, facts, pointers.signer),
    ...bindingProblems(review, facts, pointers.bytes),
  ];
  if (keyId === undefined) refused.push(refusal('PHARMACIST_SIGNATURE_INVALID', undefined, pointers.signature));
  if (keyId === undefined || refused.length > 0) return { refused };
  const signed = { signer, format: 'SM2_RAW', signature, keyId, signedAt: review.reviewedAt };
  return { review, ...validProof({ role: facts.kind, ...signed }, bytes) };
}

function keyOf(offered: OfferedReview, review: Review, { reviewer, at }: ReviewFacts): string | undefined {
  if (review.reviewer !== offered.signer) return undefined;
  return signingKey(reviewer?.keys ?? [], { ...offered, signedAt: review.reviewedAt }, at);
}

function licenceProblems(review: Review, facts: ReviewFacts, field: string): Refusal[] {
  const problem = licenceProblem(review, facts);
  return problem === undefined ? [] : [refusal('PHARMACIST_NOT_LICENSED', { problem }, field)];
}

/** GX-1-2-2: filed at this institution, and licensed when the review was signed. */
function licenceProblem(review: Review, { reviewer, kind, institutionId }: ReviewFacts): string | undefined {
  if (reviewer?.kind !== kind) return 'NO_SUCH_PHARMACIST';
  if (reviewer.institutionId !== institutionId || review.institutionId !== institutionId) return 'OTHER_INSTITUTION';
  const licence = periodAt(reviewer.licensed, (period) => period, review.reviewedAt);
  return licence === undefined ? 'LICENCE_NOT_VALID' : undefined;
}

/** CX-28c: a review of other bytes; one of the two is not what it was when the review was signed. */
function bindingProblems(review: Review, facts: ReviewFacts, field: string): Refusal[] {
  const bound = review.prescriptionId === facts.prescriptionId && review.prescriptionSm3 === facts.prescriptionSm3;
  return bound ? [] : [refusal('PRESCRIPTION_TAMPERED', { problem: 'REVIEW_OF_ANOTHER_DOCUMENT' }, field)];
}

/** GJ-3e, CX-21g: an approval after both checks passed; otherwise the review's own words against it. */
export function reservations({ opinion, rationalUse, payment }: Review): Record<string, string> | undefined {
  const passed = opinion === 'APPROVED' && rationalUse === 'PASS' && payment === 'PASS';
  return passed ? undefined : { opinion, rationalUse, payment };
}

import { type Refusal, refusal } from '@erx/errors';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';

const ROLES = ['DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT'] as const;
export type EvidenceRole = (typeof ROLES)[number];

/** At most one proof of each role, and no other role: which of two would count is nobody's guess. */
export function evidenceProblems(evidence: readonly Pick<Evidence, 'role'>[]): Refusal[] {
  return evidence.flatMap(({ role }, index) => {
    const pointer = `/evidence/${index}/role`;
    if (!ROLES.some((known) => known === role))
      return [refusal('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, pointer)];
    const earlier = evidence.slice(0, index).some((other) => other.role === role);
    return earlier ? [refusal('REQUEST_INVALID', { problem: 'DUPLICATE' }, pointer)] : [];
  });
}

export function proofOf(evidence: readonly Evidence[], role: EvidenceRole): Evidence | undefined {
  return evidence.find((proof) => proof.role === role);
}

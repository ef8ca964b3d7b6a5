import { type Refusal, refusal } from '@erx/errors';
import type { OfferedEvidence } from '@erx/proto/verification/v1/verification_service';

const ROLES = ['DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT'] as const;
type EvidenceRole = (typeof ROLES)[number];

/** A proof as it was sent, and the JSON pointer to it. */
export type Offered = OfferedEvidence & { pointer: string };
export type OfferedByRole = { [R in EvidenceRole]?: Offered };

/** More than anybody needs; a longer list is not read. */
const MOST = 10;

/** At most one proof of each role. */
export function evidenceByRole(list: readonly OfferedEvidence[]): { offered: OfferedByRole; refused: Refusal[] } {
  if (list.length > MOST) {
    return { offered: {}, refused: [refusal('REQUEST_INVALID', { problem: 'TOO_MANY' }, '/evidence')] };
  }
  const offered: OfferedByRole = {};
  const refused: Refusal[] = [];
  for (const [index, evidence] of list.entries()) {
    const pointer = `/evidence/${index}`;
    const role = ROLES.find((known) => known === evidence.role);
    if (role === undefined) refused.push(refusal('REQUEST_INVALID', { problem: 'UNKNOWN_ROLE' }, `${pointer}/role`));
    else if (offered[role]) refused.push(refusal('REQUEST_INVALID', { problem: 'DUPLICATE' }, `${pointer}/role`));
    else offered[role] = { ...evidence, pointer };
  }
  return { offered, refused };
}

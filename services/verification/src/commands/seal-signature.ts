import { type Refusal, type Refused, refusal } from '@erx/errors';
import type { SealSignatureRequest, SealSignatureResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { holderOf, judgeGrant } from '../domain/grant.ts';
import { isSignatureImage } from '../domain/signature-image.ts';
import type { Parts } from '../parts.ts';
import { findGrant, type Grant } from '../store/identity-checks.ts';

/**
 * Seals the signature of whoever stands at the counter under a living grant (HB-24d: the agent, if one came) as an image that
 * belongs to this grant and this purchase list: sealed for another, it does not open. Changes nothing.
 */
export async function sealSignature(
  { database, sealing }: Parts,
  { grantId, institutionId, image, listSm3 }: SealSignatureRequest,
  { actor, at }: Call,
): Promise<SealSignatureResponse | Refused> {
  const grant = await findGrant(database, grantId);
  const holderId = holderOf(actor, institutionId);
  const invalid = judgeGrant(grant, { holderId, purpose: 'DISPENSE', at });
  const refused: Refusal[] = [...(invalid?.refused ?? [])];
  if (invalid === undefined && image.length === 0) refused.push(nobodySigned(grant));
  if (image.length > 0 && !isSignatureImage(image)) {
    refused.push(refusal('REQUEST_INVALID', { problem: 'NO_IMAGE' }, '/signatureImage'));
  }
  if (!/^[0-9a-f]{64}$/.test(listSm3)) refused.push(refusal('REQUEST_INVALID', { problem: 'NOT_AN_SM3' }, '/listSm3'));
  if (refused.length > 0 || grant === undefined) return { refused };
  const { personId } = grant.agent ?? grant;
  const keys = await sealing.sealerOf([personId]);
  return { personId, imageSealed: keys.seal({ personId, field: 'signature', binding: [grantId, listSm3] }, image) };
}

function nobodySigned(grant: Grant | undefined): Refusal {
  const code = grant?.agent === undefined ? 'HANDOVER_SIGNATURE_MISSING' : 'AGENT_SIGNATURE_MISSING';
  return refusal(code, undefined, '/signatureImage');
}

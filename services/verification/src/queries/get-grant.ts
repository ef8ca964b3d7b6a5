import { type Refused, refuse } from '@erx/errors';
import type { GetGrantRequest, GetGrantResponse, SealedAgent } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { holderOf, judgeGrant } from '../domain/grant.ts';
import type { Parts } from '../parts.ts';
import { type CheckAgent, findGrant } from '../store/identity-checks.ts';

/**
 * The person behind a living grant of this holder and purpose, with the insurance as found at the check and the agent who
 * came instead, if any. Without any grant IDENTITY_CHECK_MISSING (HB-23a), else GRANT_INVALID.
 */
export async function getGrant(
  { database }: Parts,
  { grantId, institutionId, purpose }: GetGrantRequest,
  { actor, at }: Call,
): Promise<GetGrantResponse | Refused> {
  if (grantId === '') return refuse('IDENTITY_CHECK_MISSING', undefined, '/grantId');
  const grant = await findGrant(database, grantId);
  const invalid = judgeGrant(grant, { holderId: holderOf(actor, institutionId), purpose, at });
  if (invalid !== undefined || grant === undefined) return invalid ?? refuse('GRANT_INVALID', undefined, '/grantId');
  const { personId, nameSealed, identitySealed, phoneSealed, expiresAt } = grant;
  const { poolingRegion, insuranceType, insuranceActive: active, remoteFilingRegions } = grant;
  return {
    personId,
    expiresAt,
    insurance: { personId, poolingRegion, insuranceType, active, remoteFilingRegions },
    person: { personId, nameSealed, identitySealed, phoneSealed },
    agent: grant.agent && agentMessage(grant.agent),
  };
}

function agentMessage({ relation, ...person }: CheckAgent): SealedAgent {
  const { personId, nameSealed, identitySealed, phoneSealed } = person;
  return { person: { personId, nameSealed, identitySealed, phoneSealed }, relation };
}

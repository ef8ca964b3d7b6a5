import { isRefused, type Refused } from '@erx/errors';
import type { Call } from '@erx/rpc';
import type { Reader } from '../domain/visible.ts';
import type { Peers } from './peers.ts';

/**
 * Who reads. A patient's app reads for the person behind a living grant of its own, asked anew each time; refused
 * GRANT_INVALID, IDENTITY_CHECK_MISSING.
 */
export async function readerOf({ verification }: Peers, grantId: string, call: Call): Promise<Reader | Refused> {
  const { role, institutionId, clientId } = call.actor;
  if (role !== 'PATIENT') return { role, institutionId, personId: '' };
  const question = { grantId, institutionId: institutionId || clientId, purpose: 'PATIENT_ACCESS' };
  const grant = await verification.getGrant(question, { actor: call.actor });
  return isRefused(grant) ? grant : { role, institutionId, personId: grant.personId };
}

import type { Refused } from '@erx/errors';
import type { Actor, InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Call } from '@erx/rpc';
import type { Peers } from './peers.ts';

export type Grant = { personId: string; insurance: InsuranceFacts | undefined };

/**
 * Whom a grant (人证核验授权) is about: asked anew for every act, so that one that has ended opens nothing. Refused
 * GRANT_INVALID. A patient's app holds its grants under its own client id.
 */
export async function askGrant({ verification }: Peers, grantId: string, { actor }: Call): Promise<Grant | Refused> {
  const isPatient = actor.role === 'PATIENT';
  const purpose = isPatient ? 'PATIENT_ACCESS' : 'DISPENSE';
  return verification.getGrant({ grantId, institutionId: holderOf(actor), purpose }, { actor });
}

function holderOf({ institutionId, clientId }: Actor): string {
  return institutionId === '' ? clientId : institutionId;
}

/** The patient's insurance as the identity check behind the grant found it. */
export function insuranceOf({ insurance }: Grant): InsuranceFacts {
  if (insurance === undefined) throw new Error('a grant to dispense says nothing about insurance');
  return insurance;
}

import type { Refused } from '@erx/errors';
import type { Actor, InsuranceFacts, SealedPerson } from '@erx/proto/common/v1/common';
import type { SealedAgent } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import type { Peers } from './peers.ts';

/** `personId`: the patient; `agent`: who came instead (代办人), if anybody. */
export type Grant = {
  personId: string;
  insurance: InsuranceFacts | undefined;
  agent?: SealedAgent | undefined;
};

/** An agent as verification has checked and sealed it. */
export type Agent = { person: SealedPerson; relation: string };

export function agentOf({ agent }: Grant): Agent | undefined {
  if (agent === undefined) return undefined;
  if (agent.person === undefined) throw new Error('a grant names an agent who is nobody');
  return { person: agent.person, relation: agent.relation };
}

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

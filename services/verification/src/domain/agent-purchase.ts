import { type Refusal, refusal } from '@erx/errors';
import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { isPhoneNumber } from './clear-person.ts';
import { type Credential, credentialProblems, OTHER_FACE, type Shown } from './credential.ts';

/** Somebody collects for the patient (代办): both credentials as they could be read, and how to reach the agent. */
export type AgentPurchase = {
  patient: Credential | undefined;
  agent: Credential | undefined;
  phone: string;
  relation: string;
};

const RELATIONS = ['SPOUSE', 'PARENT', 'CHILD', 'OTHER'];

/**
 * HB-24a, HB-24c: both credentials are good, the agent is the person on the agent's card, and can be reached. The patient's
 * face is not asked for: the patient is not there. Every reason at once, with its place.
 */
export function judgeAgentPurchase(
  { patient, agent, phone, relation }: AgentPurchase,
  authorityOf: (credential: Credential) => Institution | undefined,
  shown: Shown,
): Refusal[] {
  const ofPatient = judged(patient, authorityOf, shown);
  const ofAgent = judged(agent, authorityOf, shown);
  const agentProblems = [...ofAgent.problems];
  if (agent !== undefined && ofAgent.proved) {
    if (!agent.faceMatch || agent.presenter === 'AGENT') agentProblems.push({ problem: OTHER_FACE });
    if (patient !== undefined && ofPatient.proved && isSamePerson(patient, agent)) {
      agentProblems.push({ problem: 'IS_THE_PATIENT' });
    }
  }
  return [
    ...ofPatient.problems.map((figures) => unverified('PATIENT', figures)),
    ...agentProblems.map((figures) => unverified('AGENT', figures)),
    ...contactProblems(phone),
    ...(RELATIONS.includes(relation)
      ? []
      : [refusal('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, '/agent/relation')]),
  ];
}

/** HB-24a: the identity of one of the two is not proved. */
export function unverified(holder: 'PATIENT' | 'AGENT', figures: Record<string, string>): Refusal {
  return refusal('AGENT_IDENTITY_UNVERIFIED', figures, holder === 'AGENT' ? '/agent/credential' : '/credential');
}

function judged(
  credential: Credential | undefined,
  authorityOf: (credential: Credential) => Institution | undefined,
  shown: Shown,
) {
  if (credential === undefined) return { proved: false, problems: [{ problem: 'NOT_A_CREDENTIAL' }] };
  return credentialProblems(credential, authorityOf(credential), shown);
}

function isSamePerson(a: Credential, b: Credential): boolean {
  return a.certType === b.certType && a.certNo === b.certNo;
}

function contactProblems(phone: string): Refusal[] {
  const missing = (problem: string) => [refusal('AGENT_CONTACT_MISSING', { problem }, '/agent/phone')];
  if (phone.trim() === '') return missing('MISSING');
  return isPhoneNumber(phone) ? [] : missing('NOT_A_PHONE_NUMBER');
}

import { randomUUID } from 'node:crypto';
import { type Refusal, type Refused, refusal, refuse } from '@erx/errors';
import type { Agent, CheckIdentityRequest } from '@erx/proto/verification/v1/verification_service';
import { inPeriod } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { judgeAgentPurchase, unverified } from '../domain/agent-purchase.ts';
import { type Credential, judgeCredential, readCredential } from '../domain/credential.ts';
import { GRANT_MS, holderOf } from '../domain/grant.ts';
import { insuranceFacts } from '../domain/insurance-facts.ts';
import { profileOf } from '../outbound/events.ts';
import { answered, questionOf } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import { type Grant, type Presented, usedBefore } from '../store/identity-checks.ts';
import { agentPerson } from './agent-person.ts';
import { knownPerson } from './known-person.ts';

/** A check that may be stored, and the credentials that were shown for it. */
export type PassedCheck = { grant: Grant; presented: Presented[] };

/** Gathers what a check is judged by and judges it: the check that may be stored, or every reason against it. */
export async function judgeIdentity(
  parts: Parts,
  request: CheckIdentityRequest,
  call: Call,
): Promise<PassedCheck | Refused> {
  const { people, registry, reference } = parts;
  const { actor, at, machineAt } = call;
  const { purpose } = request;
  const shown = judgeShown(parts, request, call);
  if ('refused' in shown) return shown;
  const { patient } = shown;
  const asked = { name: patient.name, field: '/credential', operation: 'identity.check' };
  const known = await knownPerson(parts, await people.find(patient, call), asked, call);
  if ('code' in known) return { refused: [known] };
  const { personId } = known.person;
  const { insurances, agentPurchaseDisabled } = answered(
    await registry.getEntitlement({ personId, at }, questionOf(call)),
  );
  if (shown.agent !== undefined && inPeriod(agentPurchaseDisabled, at)) {
    return refuse('AGENT_PURCHASE_DISABLED', undefined, '/agent');
  }
  const { active, ...insurance } = insuranceFacts(personId, insurances, at);
  const presented = presentedBy(shown);
  const agent = await judgeAgent(parts, shown, presented, call);
  if (agent !== undefined && 'refused' in agent) return agent;
  const grant = {
    checkId: randomUUID(),
    grantId: randomUUID(),
    authorityId: patient.authorityId,
    credentialId: patient.credentialId,
    ...known.person,
    ...insurance,
    insuranceActive: active,
    holderId: holderOf(actor, request.institutionId),
    purpose,
    checkedAt: at,
    expiresAt: new Date(at.getTime() + GRANT_MS),
    machineAt,
    ...actor,
    profileVersion: profileOf(call, reference)?.version ?? '',
    agent,
  };
  return { grant, presented };
}

type ShownCredentials = { patient: Credential; agent: { credential: Credential; contact: Agent } | undefined };

/** What was shown at the counter, by itself: the patient's credential alone, or both and how to reach the agent. */
function judgeShown(
  { reference }: Parts,
  { credential: text, institutionId, purpose, agent: contact }: CheckIdentityRequest,
  call: Call,
): ShownCredentials | Refused {
  const here = { holderId: holderOf(call.actor, institutionId), at: call.at };
  const authorityOf = ({ authorityId }: Credential) => reference.institution(authorityId);
  const patient = readCredential(text);
  if (contact === undefined) {
    if (patient === undefined) return { refused: [invalidCredential('NOT_A_CREDENTIAL')] };
    const refused = judgeCredential(patient, authorityOf(patient), here);
    return refused.length > 0 ? { refused } : { patient, agent: undefined };
  }
  if (purpose !== 'DISPENSE') return refuse('REQUEST_INVALID', { problem: 'NOT_AT_A_COUNTER' }, '/agent');
  const { phone, relation } = contact;
  const agent = readCredential(contact.credential);
  const refused = judgeAgentPurchase({ patient, agent, phone, relation }, authorityOf, here);
  if (profileOf(call, reference)?.values.agentPurchase === 'FORBIDDEN') {
    refused.push(refusal('AGENT_PURCHASE_DISABLED', undefined, '/agent'));
  }
  if (refused.length > 0 || patient === undefined || agent === undefined) return { refused };
  return { patient, agent: { credential: agent, contact } };
}

/** The agent as a person, once nothing else speaks against the check: a refused one leaves no new person behind. */
async function judgeAgent(parts: Parts, { agent }: ShownCredentials, presented: readonly Presented[], call: Call) {
  if (agent === undefined) return undefined;
  const used = await usedBefore(parts.database, presented);
  if (used.length > 0) return usedCredentials(used, true);
  const person = await agentPerson(parts, agent.credential, agent.contact, call);
  return 'code' in person ? { refused: [person] } : person;
}

function presentedBy({ patient, agent }: ShownCredentials): Presented[] {
  const of = ({ authorityId, credentialId }: Credential, holder: Presented['holder']) => {
    return { authorityId, credentialId, holder };
  };
  return [of(patient, 'PATIENT'), ...(agent === undefined ? [] : [of(agent.credential, 'AGENT')])];
}

/** Credentials that gave a grant before. */
export function usedCredentials(used: readonly Presented['holder'][], withAgent: boolean): Refused {
  const problem = 'USED_BEFORE';
  return { refused: used.map((holder) => (withAgent ? unverified(holder, { problem }) : invalidCredential(problem))) };
}

function invalidCredential(problem: string): Refusal {
  return refusal('CREDENTIAL_INVALID', { problem }, '/credential');
}

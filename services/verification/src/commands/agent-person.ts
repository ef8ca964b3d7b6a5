import type { Refusal } from '@erx/errors';
import type { Call } from '@erx/rpc';
import { unverified } from '../domain/agent-purchase.ts';
import type { Credential } from '../domain/credential.ts';
import { answered, questionOf } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import { sealPerson } from '../sealing/person.ts';
import type { CheckAgent } from '../store/identity-checks.ts';
import { knownPerson } from './known-person.ts';

/**
 * HB-24c: the agent as a person of the hub: need not be insured, has the same random id each time, and whom registry knows
 * has the name of that record. The number and name of the card and the phone number given are sealed with the agent's key.
 */
export async function agentPerson(
  parts: Parts,
  { certType, certNo, name }: Credential,
  { phone, relation }: { phone: string; relation: string },
  call: Call,
): Promise<CheckAgent | Refusal> {
  const { people, registry, sealing, lookupKey } = parts;
  const found = await people.find({ certType, certNo }, call);
  if (found !== undefined) {
    const asked = { name, field: '/agent/credential', operation: 'identity.check' };
    const known = await knownPerson(parts, found, asked, call);
    if ('code' in known) return unverified('AGENT', known.detail ?? {});
  }
  const identityHashes = [lookupKey.identityHash(certType, certNo)];
  const { personIds } = answered(await registry.allotPersons({ identityHashes }, questionOf(call)));
  const [personId] = personIds;
  if (personId === undefined) throw new Error('registry allotted nobody');
  const keys = await sealing.prepare([personId]);
  return { ...sealPerson(keys, personId, { certType, certNo, name, phone }), relation };
}

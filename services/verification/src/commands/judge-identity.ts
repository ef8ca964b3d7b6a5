import { randomUUID } from 'node:crypto';
import type { Refused } from '@erx/errors';
import type { CheckIdentityRequest } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { invalidCredential, judgeCredential, readCredential } from '../domain/credential.ts';
import { GRANT_MS, holderOf } from '../domain/grant.ts';
import { insuranceFacts } from '../domain/insurance-facts.ts';
import { profileVersionOf } from '../outbound/events.ts';
import { answered, questionOf } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import type { IdentityCheck } from '../store/identity-checks.ts';
import { knownPerson } from './known-person.ts';

/** Gathers what a check is judged by and judges it: the check that may be stored, or every reason against it. */
export async function judgeIdentity(
  { people, registry, sealing, reference }: Parts,
  { credential: text, institutionId, purpose }: CheckIdentityRequest,
  call: Call,
): Promise<IdentityCheck | Refused> {
  const { actor, at, machineAt } = call;
  const holderId = holderOf(actor, institutionId);
  const credential = readCredential(text);
  if (credential === undefined) return { refused: [invalidCredential('NOT_A_CREDENTIAL')] };
  const { authorityId, credentialId } = credential;
  const problems = judgeCredential(credential, reference.institution(authorityId), { holderId, at });
  if (problems.length > 0) return { refused: problems };
  const known = await knownPerson(sealing, await people.find(credential, call), credential.name, '/credential');
  if ('code' in known) return { refused: [known] };
  const { personId } = known.person;
  const { insurances } = answered(await registry.getEntitlement({ personId, at }, questionOf(call)));
  const { active, ...insurance } = insuranceFacts(personId, insurances, at);
  return {
    checkId: randomUUID(),
    grantId: randomUUID(),
    authorityId,
    credentialId,
    ...known.person,
    ...insurance,
    insuranceActive: active,
    holderId,
    purpose,
    checkedAt: at,
    expiresAt: new Date(at.getTime() + GRANT_MS),
    machineAt,
    ...actor,
    profileVersion: profileVersionOf(call, reference),
  };
}

import { type Refused, refuse } from '@erx/errors';
import type { IdentifyRequest, IdentifyResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { personProblems } from '../domain/clear-person.ts';
import type { Parts } from '../parts.ts';
import { knownPerson } from './known-person.ts';

/**
 * CX-28b, HB-23a: who the doctor has in front of her: the person's random id and sealed fields, with the phone number given
 * now if there is one. Changes nothing.
 */
export async function identify(
  parts: Parts,
  { person: clear }: IdentifyRequest,
  call: Call,
): Promise<IdentifyResponse | Refused> {
  if (clear === undefined) return refuse('REQUEST_INVALID', { problem: 'PERSON_MISSING' }, '/patient');
  const problems = personProblems(clear, '/patient');
  if (problems.length > 0) return { refused: problems };
  const asked = { name: clear.name, field: '/patient', operation: 'prescription.precheck' };
  const known = await knownPerson(parts, await parts.people.find(clear, call), asked, call);
  if ('code' in known) return { refused: [known] };
  const { person, keys } = known;
  if (clear.phone === '') return { person };
  const phoneSealed = keys.seal({ personId: person.personId, field: 'phone' }, Buffer.from(clear.phone));
  return { person: { ...person, phoneSealed } };
}

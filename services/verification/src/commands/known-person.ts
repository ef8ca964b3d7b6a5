import { type Refusal, refusal } from '@erx/errors';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import type { Call } from '@erx/rpc';
import type { FoundPerson } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import type { Sealer } from '../sealing/sealing.ts';
import { openRecorded } from './open-recorded.ts';

export type KnownPerson = { person: SealedPerson; keys: Sealer };
/** `field`: JSON pointer to the person in the request. */
type Asked = { name: string; field: string; operation: string };

/**
 * The person that registry found, if the name is the same: INSURED_SCHEME_NOT_COVERED for somebody whom nobody imported,
 * IDENTITY_MISMATCH for another name.
 */
export async function knownPerson(
  parts: Parts,
  found: FoundPerson | undefined,
  asked: Asked,
  call: Call,
): Promise<KnownPerson | Refusal> {
  if (found === undefined) return refusal('INSURED_SCHEME_NOT_COVERED', undefined, asked.field);
  const { person } = found;
  const keys = await parts.sealing.sealerOf([person.personId]);
  // Erased, and not imported anew: a stranger.
  if (keys.versionOf(person.personId) === undefined)
    return refusal('INSURED_SCHEME_NOT_COVERED', undefined, asked.field);
  if (!(await hasName(parts, found, asked, call))) {
    return refusal('IDENTITY_MISMATCH', { problem: 'OTHER_NAME' }, asked.field);
  }
  return { person, keys };
}

/** By keyed hash; the name of a person who was imported before there was one is opened, which is recorded. */
async function hasName(
  parts: Parts,
  { person, nameHash }: FoundPerson,
  { name, operation }: Asked,
  call: Call,
): Promise<boolean> {
  const { personId, nameSealed } = person;
  const hashOf = (text: string) => parts.lookupKey.nameHash(personId, text);
  if (nameHash.length > 0) return Buffer.compare(nameHash, hashOf(name)) === 0;
  const onlyName = { personId, nameSealed, identitySealed: new Uint8Array(), phoneSealed: new Uint8Array() };
  const { persons } = await openRecorded(parts, [onlyName], operation, call);
  return persons.some((opened) => Buffer.compare(hashOf(opened.name), hashOf(name)) === 0);
}

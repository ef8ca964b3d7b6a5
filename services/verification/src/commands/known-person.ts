import { type Refusal, refusal } from '@erx/errors';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import { sameName } from '../domain/names.ts';
import { openName } from '../sealing/person.ts';
import type { Keyring, Sealing } from '../sealing/sealing.ts';

export type KnownPerson = { person: SealedPerson; keys: Keyring; name: string };

/**
 * The person that registry found, if the name is the same: INSURED_SCHEME_NOT_COVERED for somebody whom nobody imported,
 * IDENTITY_MISMATCH for another name. `field` is the JSON pointer to the person in the request.
 */
export async function knownPerson(
  sealing: Sealing,
  found: SealedPerson | undefined,
  name: string,
  field: string,
): Promise<KnownPerson | Refusal> {
  if (found === undefined) return refusal('INSURED_SCHEME_NOT_COVERED', undefined, field);
  const keys = await sealing.keysOf([found.personId]);
  const recorded = openName(keys, found);
  return sameName(recorded, name)
    ? { person: found, keys, name: recorded }
    : refusal('IDENTITY_MISMATCH', { problem: 'OTHER_NAME' }, field);
}

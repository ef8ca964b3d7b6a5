import type { SealedPerson } from '@erx/proto/common/v1/common';
import type { ClearPerson } from '@erx/proto/verification/v1/verification_service';
import type { Belonging } from './sealed-bytes.ts';
import type { Opener, Sealer } from './sealing.ts';

export function sealPerson(keys: Sealer, personId: string, person: ClearPerson): SealedPerson {
  const seal = (field: Belonging['field'], text: string) => keys.seal({ personId, field }, Buffer.from(text));
  return {
    personId,
    nameSealed: seal('name', person.name),
    identitySealed: seal('identity', `${person.certType} ${person.certNo}`),
    phoneSealed: seal('phone', person.phone),
  };
}

/** The person in the clear; a field that was not carried along, or whose key was destroyed, is empty. */
export function openPerson(keys: Opener, sealed: SealedPerson): ClearPerson {
  const { personId, nameSealed, identitySealed, phoneSealed } = sealed;
  const identity = openText(keys, { personId, field: 'identity' }, identitySealed);
  const space = identity.indexOf(' ');
  return {
    certType: identity.slice(0, Math.max(0, space)),
    certNo: identity.slice(space + 1),
    name: openText(keys, { personId, field: 'name' }, nameSealed),
    phone: openText(keys, { personId, field: 'phone' }, phoneSealed),
  };
}

function openText(keys: Opener, belongs: Belonging, sealed: Uint8Array): string {
  if (sealed.length === 0) return '';
  return Buffer.from(keys.open(belongs, sealed) ?? '').toString();
}

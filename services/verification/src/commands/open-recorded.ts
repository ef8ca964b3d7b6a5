import { randomUUID } from 'node:crypto';
import { appendToOutbox } from '@erx/messaging';
import { inTransaction } from '@erx/postgres';
import type { SealedPerson } from '@erx/proto/common/v1/common';
import type { ClearPerson } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { personalDataOpened } from '../outbound/events.ts';
import type { Parts } from '../parts.ts';
import { openPerson } from '../sealing/person.ts';

/**
 * The only place where sealed fields are opened: who, whose, which and what for is on record before anything is; when it
 * cannot be recorded, nothing is opened. One entry per request; a field that is not there is not opened.
 */
export async function openRecorded(
  { database, reference, sealing }: Pick<Parts, 'database' | 'reference' | 'sealing'>,
  persons: readonly SealedPerson[],
  operation: string,
  call: Call,
): Promise<{ persons: ClearPerson[]; erasedPersonIds: string[] }> {
  const personIds = [...new Set(persons.map(({ personId }) => personId))];
  const opening = { readId: randomUUID(), personIds, operation, fields: fieldsOf(persons) };
  await inTransaction(database, (tx) => appendToOutbox(tx, [personalDataOpened(opening, call, reference)]));
  const keys = await sealing.openerOf(personIds);
  const opened = persons.map((person) => openPerson(keys, person));
  const erased = persons.filter(({ nameSealed }, index) => nameSealed.length > 0 && opened[index]?.name === '');
  return { persons: opened, erasedPersonIds: [...new Set(erased.map(({ personId }) => personId))] };
}

function fieldsOf(persons: readonly SealedPerson[]): string[] {
  const isThere = (field: 'nameSealed' | 'identitySealed' | 'phoneSealed') =>
    persons.some((person) => person[field].length > 0);
  return [
    ...(isThere('nameSealed') ? ['NAME'] : []),
    ...(isThere('identitySealed') ? ['IDENTITY'] : []),
    ...(isThere('phoneSealed') ? ['PHONE'] : []),
  ];
}

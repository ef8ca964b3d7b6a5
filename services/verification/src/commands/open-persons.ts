import { randomUUID } from 'node:crypto';
import { mayPerform, type Operation, operations } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { inTransaction } from '@erx/postgres';
import type { OpenPersonsRequest, OpenPersonsResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { personalDataOpened } from '../outbound/events.ts';
import type { Parts } from '../parts.ts';
import { openPerson } from '../sealing/person.ts';

/**
 * Opens sealed persons for an operation that the actor may perform; whose patients they are is known where they come from.
 * The read is on record before anybody sees a name.
 */
export async function openPersons(
  { database, reference, sealing }: Parts,
  { persons, operation }: OpenPersonsRequest,
  call: Call,
): Promise<OpenPersonsResponse | Refused> {
  const known = operations.find((each): each is Operation => each === operation);
  if (known === undefined || !mayPerform(call.actor.role, known)) {
    return refuse('ACCESS_SCOPE_DENIED', { operation: known ?? '', role: call.actor.role });
  }
  if (persons.length === 0) return { persons: [] };
  const personIds = [...new Set(persons.map(({ personId }) => personId))];
  const keys = await sealing.keysOf(personIds);
  const opened = persons.map((person) => openPerson(keys, person));
  const event = personalDataOpened({ readId: randomUUID(), personIds, operation }, call, reference);
  await inTransaction(database, (tx) => appendToOutbox(tx, [event]));
  return { persons: opened };
}

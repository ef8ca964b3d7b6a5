import { mayPerform, type Operation, operations } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import type { OpenPersonsRequest, OpenPersonsResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import type { Parts } from '../parts.ts';
import { openRecorded } from './open-recorded.ts';

/**
 * Opens sealed persons for an operation that the actor may perform; whose patients they are is known where they come from.
 * The read is on record before anybody sees a name.
 */
export async function openPersons(
  parts: Parts,
  { persons, operation }: OpenPersonsRequest,
  call: Call,
): Promise<OpenPersonsResponse | Refused> {
  const known = operations.find((each): each is Operation => each === operation);
  if (known === undefined || !mayPerform(call.actor.role, known)) {
    return refuse('ACCESS_SCOPE_DENIED', { operation: known ?? '', role: call.actor.role });
  }
  if (persons.length === 0) return { persons: [], erasedPersonIds: [] };
  return openRecorded(parts, persons, operation, call);
}

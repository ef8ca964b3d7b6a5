import { isRefused, type Refused } from '@erx/errors';
import type { Person } from '@erx/proto/registry/v1/registry_service';
import type { ImportPersonsRequest, ImportPersonsResponse } from '@erx/proto/verification/v1/verification_service';
import type { Call } from '@erx/rpc';
import { readImport, type WholePerson } from '../domain/imported-persons.ts';
import { answered, questionOf } from '../outbound/registry.ts';
import type { Parts } from '../parts.ts';
import { sealPerson } from '../sealing/person.ts';

/** A hundred persons with their relations are written at once. */
const IMPORT_MS = 4_000;

/**
 * Seals insured persons and hands them to registry, all or none. Ids and data keys are the same each time, and registry
 * answers a repeated request from its own log, so that nothing has to be remembered here.
 */
export async function importPersons(
  { registry, sealing, lookupKey }: Parts,
  request: ImportPersonsRequest,
  call: Call,
): Promise<ImportPersonsResponse | Refused> {
  if (call.request === undefined) throw new Error('persons.import needs a client request');
  const persons = readImport(request.persons);
  if (isRefused(persons)) return persons;
  const identityHashes = persons.map(({ person }) => lookupKey.identityHash(person.certType, person.certNo));
  const { personIds } = answered(await registry.allotPersons({ identityHashes }, questionOf(call)));
  const keys = await sealing.prepare(personIds);
  const sealed = persons.map(({ person, ...relations }: WholePerson, index): Person => {
    const personId = personIds[index] ?? '';
    const contentHash = lookupKey.contentHash({ person, ...relations }, keys.versionOf(personId) ?? 1);
    const nameHash = lookupKey.nameHash(personId, person.name);
    return { ...sealPerson(keys, personId, person), ...relations, contentHash, nameHash };
  });
  const outcome = await registry.importPersons(
    { persons: sealed },
    { actor: call.actor, request: call.request, causationId: call.causationId, deadlineMs: IMPORT_MS },
  );
  return isRefused(outcome) ? outcome : { ...outcome, personIds };
}

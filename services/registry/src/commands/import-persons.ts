import type { Refused } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer } from '@erx/postgres';
import { type ImportPersonsRequest, ImportPersonsResponse, type Person } from '@erx/proto/registry/v1/registry_service';
import type { Call } from '@erx/rpc';
import { checkPersons } from '../domain/person/relations.ts';
import { each, expect, refuseAll } from '../domain/problems.ts';
import { filingOwners, lockPersons, replacePersons } from '../store/persons.ts';
import { earlierAnswer } from './earlier-answer.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Stores persons whose ids were allotted before, all or none; equal content (by its keyed hash) changes nothing. */
export async function importPersons(
  database: Database,
  { persons }: ImportPersonsRequest,
  call: Call,
): Promise<ImportPersonsResponse | Refused> {
  const client = call.request;
  if (client === undefined) throw new Error('persons.import needs a client request');
  const known = earlierAnswer(await recall(database, client, ImportPersonsResponse));
  if (known !== undefined) return known;
  const malformed = [
    ...each(persons, '/persons', ({ personId }, at) => expect(UUID.test(personId), `${at}/personId`, 'NOT_A_UUID')),
  ];
  if (malformed.length > 0) return refuseAll(malformed);
  return inTransaction(database, async (tx) => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'persons.import', ImportPersonsResponse));
    if (earlier !== undefined) return earlier;
    const stored = await lockPersons(
      tx,
      persons.map(({ personId }) => personId),
    );
    const problems = [...checkPersons(persons, new Set(stored.keys()), await filingOwners(tx, persons))];
    if (problems.length > 0) return refuseAll(problems);
    const changed = persons.filter((person) => differs(person, stored.get(person.personId)));
    await replacePersons(tx, changed);
    const answer = { changed: changed.length, unchanged: persons.length - changed.length };
    await rememberAnswer(tx, client, ImportPersonsResponse, answer);
    return answer;
  });
}

function differs(person: Person, storedHash: Uint8Array | undefined): boolean {
  return storedHash === undefined || Buffer.compare(person.contentHash, storedHash) !== 0;
}

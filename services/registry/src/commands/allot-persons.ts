import { randomUUID } from 'node:crypto';
import type { Refused } from '@erx/errors';
import { type Database, inTransaction, query } from '@erx/postgres';
import type { AllotPersonsRequest, AllotPersonsResponse } from '@erx/proto/registry/v1/registry_service';
import { each, expect, refuseAll } from '../domain/problems.ts';
import { person } from '../store/tables.ts';

/**
 * The person ids behind keyed hashes, in their order; a hash seen for the first time gets a random id. The same hash
 * always has the same id, so a repeat needs no key of its own.
 */
export async function allotPersons(
  database: Database,
  { identityHashes }: AllotPersonsRequest,
): Promise<AllotPersonsResponse | Refused> {
  const problems = [
    ...each(identityHashes, '/identityHashes', (hash, at) => expect(hash.length === 32, at, 'NOT_A_KEYED_HASH')),
  ];
  if (problems.length > 0) return refuseAll(problems);
  if (identityHashes.length === 0) return { personIds: [] };
  const rows = await inTransaction(database, async (tx) => {
    // In one order for all, so that two imports never wait for each other.
    const fresh = [...identityHashes].sort(Buffer.compare);
    await tx.db
      .insert(person)
      .values(fresh.map((identityHash) => ({ personId: randomUUID(), identityHash, version: 0n })))
      .onConflictDoNothing({ target: person.identityHash });
    return tx.db
      .select({ id: person.personId, hash: person.identityHash })
      .from(person)
      .where(query.inArray(person.identityHash, [...identityHashes]));
  });
  const ids = new Map(rows.map(({ id, hash }) => [hex(hash), id]));
  return { personIds: identityHashes.map((hash) => ids.get(hex(hash)) ?? '') };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

import type { Database } from '@erx/postgres';
import type { FindPersonRequest, FindPersonResponse } from '@erx/proto/registry/v1/registry_service';

type Row = {
  person_id: string;
  name_sealed: Uint8Array;
  identity_sealed: Uint8Array;
  phone_sealed: Uint8Array;
  content_hash: Uint8Array;
  name_hash: Uint8Array | null;
};

/**
 * The imported person behind a keyed hash, with sealed fields; nobody when only an id was allotted. Insurances and
 * filings have a question of their own, so that nobody carries them along unasked.
 */
export async function findPerson(database: Database, { identityHash }: FindPersonRequest): Promise<FindPersonResponse> {
  const [row] = await database.sql<Row[]>`
    select person_id, name_sealed, identity_sealed, phone_sealed, content_hash, name_hash from person
    where identity_hash = ${identityHash} and version > 0`;
  if (row === undefined) return { person: undefined };
  return {
    person: {
      personId: row.person_id,
      nameSealed: row.name_sealed,
      identitySealed: row.identity_sealed,
      phoneSealed: row.phone_sealed,
      contentHash: row.content_hash,
      nameHash: row.name_hash ?? new Uint8Array(),
      insurances: [],
      filings: [],
    },
  };
}

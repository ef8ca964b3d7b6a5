import { type Refused, refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type {
  Conflict,
  ListConflictsRequest,
  ListConflictsResponse,
} from '@erx/proto/traceability/v1/traceability_service';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LIMIT_MAX = 200;

type Row = { conflictId: string; traceCode: string; kind: string; atMs: number; known: string[]; claimed: string[] };

/** Conflicts (追溯码冲突) in the order of their records; a regulator sees those with a side in its division. */
export async function listConflicts(
  database: Database,
  { afterConflictId, limit }: ListConflictsRequest,
  division: string,
): Promise<ListConflictsResponse | Refused> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    return refuse('REQUEST_INVALID', { max: String(LIMIT_MAX) }, '/limit');
  }
  const after = afterConflictId === '' ? 0n : await seqOf(database, afterConflictId);
  if (after === undefined) return refuse('REQUEST_INVALID', undefined, '/afterConflictId');
  const own = `${ownDigits(division)}%`;
  const rows = await database.sql<Row[]>`
    select conflict_id as "conflictId", trace_code as "traceCode", kind,
           (extract(epoch from business_at) * 1000)::float8 as "atMs",
           array[known_holder_id, known_state, coalesce(known_sale_id::text, ''), known_note_id] as known,
           array[claimed_holder_id, '', coalesce(claimed_sale_id::text, ''), coalesce(claimed_note_id, '')] as claimed
    from code_conflict
    where seq > ${after.toString()}::bigint and (known_place like ${own} or claimed_place like ${own})
    order by seq limit ${limit}`;
  return { conflicts: rows.map(toConflict) };
}

// 420000 is a province, 420100 a prefecture; 100000 is the country.
function ownDigits(division: string): string {
  return division === '100000' ? '' : division.replace(/(?:00){1,2}$/, '');
}

async function seqOf(database: Database, conflictId: string): Promise<bigint | undefined> {
  if (!UUID.test(conflictId)) return undefined;
  const [row] = await database.sql<{ seq: bigint }[]>`
    select seq from code_conflict where conflict_id = ${conflictId}`;
  return row?.seq;
}

function toConflict({ atMs, known, claimed, ...row }: Row): Conflict {
  return { ...row, at: new Date(atMs), known: side(known), claimed: side(claimed) };
}

function side([holderId = '', state = '', saleId = '', noteId = '']: string[]): Conflict['known'] {
  return { holderId, state, saleId, noteId };
}

import { relationOf } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import type { Database, Tx } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { RecallBatchResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import { liesIn } from '@erx/values';
import { type Recall, type RecallRow, recallColumns, toRecall } from '../store/recall-store.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Sources = { database: Database; reference: Lookups };

/** CX-14-3d: a recall with everybody in the reader's division who had packages of the batch, also by a later receipt. */
export async function getRecall(
  { database, reference }: Sources,
  recallId: string,
  reader: Actor,
): Promise<RecallBatchResponse | Refused> {
  if (!UUID.test(recallId)) return refuse('NOT_FOUND');
  const [row] = await database.sql<RecallRow[]>`
    select ${recallColumns(database)} from recall where recall_id = ${recallId}`;
  return row === undefined ? refuse('NOT_FOUND') : readRecall(database.sql, toRecall(row), seenBy(reader, reference));
}

/** CX-7c: the batch is everybody's matter, who holds it that of the holder's division. */
export function seenBy({ role, division }: Actor, reference: Lookups): (holderId: string) => boolean {
  if (relationOf(role, 'recall.read') === 'ANY') return () => true;
  return (holderId) => liesIn(reference.institution(holderId)?.division ?? '', division);
}

/** Each holder's packages by the state that they were recalled in; only of those holders that `sees` lets through. */
export async function readRecall(
  sql: Tx['sql'] | Database['sql'],
  recall: Recall,
  sees: (holderId: string) => boolean,
): Promise<RecallBatchResponse> {
  const rows = await sql<{ holderId: string; state: string; traceCodes: string[] }[]>`
    select holder_id as "holderId", state, array_agg(trace_code order by trace_code) as "traceCodes"
    from recalled_code where recall_id = ${recall.recallId} group by holder_id, state order by holder_id, state`;
  return { ...recall, holders: rows.filter(({ holderId }) => sees(holderId)) };
}

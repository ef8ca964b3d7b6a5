import type { Database, Tx } from '@erx/postgres';

export type Recall = { recallId: string; drugCode: string; batchNo: string; reason: string; recalledAt: Date };
export type Batch = { drugCode: string; batchNo: string };

const key = ({ drugCode, batchNo }: Batch): string => `${drugCode}\n${batchNo}`;

export type RecallRow = Omit<Recall, 'recalledAt'> & { recalledMs: number };

export const recallColumns = ({ sql }: Pick<Tx, 'sql'> | Pick<Database, 'sql'>) => sql`
  recall_id as "recallId", drug_code as "drugCode", batch_no as "batchNo", reason,
  (extract(epoch from recalled_at) * 1000)::float8 as "recalledMs"`;

export function toRecall({ recalledMs, ...recall }: RecallRow): Recall {
  return { ...recall, recalledAt: new Date(recalledMs) };
}

/**
 * Keeps recalls of these batches out until the transaction ends, so that no receipt slips past a recall that runs at
 * the same instant. Taken in one order; read the recalls afterwards.
 */
export async function shareBatches(tx: Tx, batches: readonly Batch[]): Promise<void> {
  const keys = [...new Set(batches.map(key))].sort();
  await tx.sql`
    select pg_advisory_xact_lock_shared(hashtextextended(key, 11)) from unnest(${keys}::text[]) as key`;
}

export async function lockBatchForRecall(tx: Tx, batch: Batch): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${key(batch)}, 11))`;
}

/** The recalls of these batches. */
export async function findRecalls(tx: Tx, batches: readonly Batch[]): Promise<(batch: Batch) => Recall | undefined> {
  const rows = await tx.sql<RecallRow[]>`
    select ${recallColumns(tx)} from recall where (drug_code, batch_no) in (
      select * from unnest(${batches.map((it) => it.drugCode)}::text[], ${batches.map((it) => it.batchNo)}::text[]))`;
  const recalls = new Map(rows.map((row) => [key(row), toRecall(row)]));
  return (batch) => recalls.get(key(batch));
}

export async function insertRecall(tx: Tx, recall: Recall): Promise<void> {
  await tx.sql`
    insert into recall (recall_id, drug_code, batch_no, reason, recalled_at)
    values (${recall.recallId}, ${recall.drugCode}, ${recall.batchNo}, ${recall.reason},
            ${recall.recalledAt.toISOString()})`;
}

/** Who had which package in which state when it was recalled. */
export async function recordRecalled(
  tx: Tx,
  codes: readonly { recallId: string; traceCode: string; holderId: string; state: string }[],
): Promise<void> {
  await tx.sql`
    insert into recalled_code (recall_id, trace_code, holder_id, state)
    select recall_id::uuid, trace_code, holder_id, state
    from unnest(${codes.map((it) => it.recallId)}::text[], ${codes.map((it) => it.traceCode)}::text[],
                ${codes.map((it) => it.holderId)}::text[], ${codes.map((it) => it.state)}::text[])
      as recalled (recall_id, trace_code, holder_id, state)
    on conflict do nothing`;
}

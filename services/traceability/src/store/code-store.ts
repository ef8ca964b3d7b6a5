import type { Tx } from '@erx/postgres';
import type { Note } from '../domain/judge-notes.ts';
import type { TraceCode } from '../domain/trace-code.ts';

type Row = {
  trace_code: string;
  drug_code: string;
  batch_no: string;
  holder_id: string;
  state: TraceCode['state'];
  sale_id: string | null;
  line_no: number | null;
  since_ms: number;
};

/** Locks packages in the order of their codes, so that two sales with the same packages wait instead of deadlocking. */
export async function lockCodes(tx: Tx, codes: readonly string[]): Promise<Map<string, TraceCode>> {
  const rows = await tx.sql<Row[]>`
    select trace_code, drug_code, batch_no, holder_id, state, sale_id, line_no,
           (extract(epoch from since) * 1000)::float8 as since_ms
    from trace_code where trace_code = any(${[...codes]}::text[]) order by trace_code for update`;
  return new Map(rows.map((row) => [row.trace_code, fromRow(row)]));
}

/** Locks the packages that a sale holds or has sold. */
export async function lockCodesOfSale(tx: Tx, saleId: string): Promise<TraceCode[]> {
  const rows = await tx.sql<Row[]>`
    select trace_code, drug_code, batch_no, holder_id, state, sale_id, line_no,
           (extract(epoch from since) * 1000)::float8 as since_ms
    from trace_code where sale_id = ${saleId} order by trace_code for update`;
  return rows.map(fromRow);
}

/** Writes changed packages; their rows are locked by this transaction. */
export async function saveCodes(tx: Tx, codes: readonly TraceCode[]): Promise<void> {
  const taken = codes.map((code) => ('saleId' in code ? code : { saleId: '', lineNo: 0 }));
  await tx.sql`
    update trace_code set
      state = changed.state, sale_id = nullif(changed.sale_id, '')::uuid, line_no = nullif(changed.line_no, 0),
      since = changed.since::timestamptz, version = trace_code.version + 1
    from unnest(
      ${codes.map((code) => code.traceCode)}::text[], ${codes.map((code) => code.state)}::text[],
      ${taken.map((code) => code.saleId)}::text[], ${taken.map((code) => code.lineNo)}::integer[],
      ${codes.map((code) => code.since.toISOString())}::text[]
    ) as changed (trace_code, state, sale_id, line_no, since)
    where trace_code.trace_code = changed.trace_code`;
}

/** Writes the packages of a new note, RECEIVED by its holder. */
export async function insertCodes(tx: Tx, note: Note, since: Date): Promise<void> {
  await tx.sql`
    insert into trace_code (trace_code, drug_code, batch_no, expires_on, note_id, holder_id, state, since, version)
    select code, ${note.drugCode}, ${note.batchNo}, ${note.expiresOn}, ${note.noteId}, ${note.holderId}, 'RECEIVED',
           ${since.toISOString()}, 1
    from unnest(${[...note.traceCodes]}::text[]) as code`;
}

/** Those of the codes that are on record. */
export async function findKnownCodes(tx: Tx, codes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql<{ trace_code: string }[]>`
    select trace_code from trace_code where trace_code = any(${[...codes]}::text[])`;
  return new Set(rows.map((row) => row.trace_code));
}

function fromRow(row: Row): TraceCode {
  const { trace_code, drug_code, batch_no, holder_id, state, sale_id, line_no, since_ms } = row;
  const code = {
    traceCode: trace_code,
    drugCode: drug_code,
    batchNo: batch_no,
    holderId: holder_id,
    since: new Date(since_ms),
  };
  if (state !== 'RESERVED' && state !== 'SOLD') return { ...code, state };
  if (sale_id === null || line_no === null) throw new Error(`package is ${state} without a sale`);
  return { ...code, state, saleId: sale_id, lineNo: line_no };
}

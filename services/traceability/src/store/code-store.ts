import type { Tx } from '@erx/postgres';
import type { TraceCode } from '../domain/trace-code.ts';

type Row = {
  trace_code: string;
  drug_code: string;
  batch_no: string;
  holder_id: string;
  note_id: string;
  state: TraceCode['state'];
  sale_id: string | null;
  line_no: number | null;
  handed_over: boolean;
  parent_code: string | null;
  parts: number;
  since_ms: number;
  recalled_ms: number | null;
  cleared_ms: number | null;
};

const columns = (tx: Tx) => tx.sql`
  trace_code, drug_code, batch_no, holder_id, note_id, state, sale_id, line_no, handed_over, parent_code, parts,
  (extract(epoch from since) * 1000)::float8 as since_ms,
  (extract(epoch from recalled_at) * 1000)::float8 as recalled_ms,
  (extract(epoch from cleared_at) * 1000)::float8 as cleared_ms`;

/** Locks packages in the order of their codes, so that two sales with the same packages wait instead of deadlocking. */
export async function lockCodes(tx: Tx, codes: readonly string[]): Promise<Map<string, TraceCode>> {
  const rows = await tx.sql<Row[]>`
    select ${columns(tx)} from trace_code where trace_code = any(${[...codes]}::text[]) order by trace_code for update`;
  return new Map(rows.map((row) => [row.trace_code, fromRow(row)]));
}

/** Locks the packages that a sale holds or has sold. */
export async function lockCodesOfSale(tx: Tx, saleId: string): Promise<TraceCode[]> {
  const rows = await tx.sql<Row[]>`
    select ${columns(tx)} from trace_code where sale_id = ${saleId} order by trace_code for update`;
  return rows.map(fromRow);
}

/** Locks a whole batch of a product, wherever it is. */
export async function lockBatch(tx: Tx, drugCode: string, batchNo: string): Promise<TraceCode[]> {
  const rows = await tx.sql<Row[]>`
    select ${columns(tx)} from trace_code
    where drug_code = ${drugCode} and batch_no = ${batchNo} order by trace_code for update`;
  return rows.map(fromRow);
}

/** Everything inside these packs, as pairs of pack and content; the content of the content too. */
export async function findInside(tx: Tx, packs: readonly string[]): Promise<{ pack: string; inside: string }[]> {
  const rows = await tx.sql<{ pack: string; inside: string }[]>`
    with recursive content (pack, inside) as (
      select parent_code, trace_code from trace_code where parent_code = any(${[...packs]}::text[])
      union all
      select content.pack, trace_code.trace_code from content join trace_code on parent_code = content.inside)
    select pack, inside from content order by pack, inside`;
  return [...rows];
}

/** What lies directly in a pack. */
export async function findParts(tx: Tx, pack: string): Promise<string[]> {
  const rows = await tx.sql<{ trace_code: string }[]>`
    select trace_code from trace_code where parent_code = ${pack} order by trace_code`;
  return rows.map((row) => row.trace_code);
}

/** Writes changed packages; their rows are locked by this transaction. */
export async function saveCodes(tx: Tx, codes: readonly TraceCode[]): Promise<void> {
  if (codes.length === 0) return;
  await tx.sql`
    update trace_code set
      state = changed.state, holder_id = changed.holder_id, sale_id = nullif(changed.sale_id, '')::uuid,
      line_no = nullif(changed.line_no, 0), handed_over = changed.handed_over::boolean, since = changed.since::timestamptz,
      recalled_at = nullif(changed.recalled_at, '')::timestamptz,
      cleared_at = nullif(changed.cleared_at, '')::timestamptz, version = trace_code.version + 1
    from unnest(
      ${codes.map((code) => code.traceCode)}::text[], ${codes.map((code) => code.state)}::text[],
      ${codes.map((code) => code.holderId)}::text[], ${codes.map(({ sale }) => sale?.saleId ?? '')}::text[],
      ${codes.map(({ sale }) => sale?.lineNo ?? 0)}::integer[], ${codes.map((code) => String(code.handedOver))}::text[],
      ${codes.map((code) => code.since.toISOString())}::text[],
      ${codes.map((code) => code.recalledAt?.toISOString() ?? '')}::text[],
      ${codes.map((code) => code.clearedAt?.toISOString() ?? '')}::text[]
    ) as changed (trace_code, state, holder_id, sale_id, line_no, handed_over, since, recalled_at, cleared_at)
    where trace_code.trace_code = changed.trace_code`;
}

export type NewCode = {
  traceCode: string;
  drugCode: string;
  batchNo: string;
  expiresOn: string;
  noteId: string;
  holderId: string;
  state: 'RECEIVED' | 'PACKED' | 'RECALLED';
  parentCode: string | undefined;
  parts: number;
};

/** Writes received packages, in the order of their codes; false when one of them came by somebody else meanwhile. */
export async function insertCodes(tx: Tx, codes: readonly NewCode[], since: Date): Promise<boolean> {
  const text = (of: (code: NewCode) => string): string[] => codes.map(of);
  const written = await tx.sql`
    insert into trace_code (trace_code, drug_code, batch_no, expires_on, note_id, note_holder_id, holder_id, state,
                            parent_code, parts, since, recalled_at, version)
    select code, drug_code, batch_no, expires_on::date, note_id, holder_id, holder_id, state, nullif(parent_code, ''),
           parts, ${since.toISOString()}::timestamptz,
           case state when 'RECALLED' then ${since.toISOString()}::timestamptz end, 1
    from unnest(
      ${text((code) => code.traceCode)}::text[], ${text((code) => code.drugCode)}::text[],
      ${text((code) => code.batchNo)}::text[], ${text((code) => code.expiresOn)}::text[],
      ${text((code) => code.noteId)}::text[], ${text((code) => code.holderId)}::text[],
      ${text((code) => code.state)}::text[], ${text((code) => code.parentCode ?? '')}::text[],
      ${codes.map((code) => code.parts)}::integer[]
    ) as received (code, drug_code, batch_no, expires_on, note_id, holder_id, state, parent_code, parts)
    order by code
    on conflict (trace_code) do update set
      expires_on = excluded.expires_on, note_id = excluded.note_id, note_holder_id = excluded.note_holder_id,
      holder_id = excluded.holder_id, state = excluded.state, parent_code = excluded.parent_code,
      parts = excluded.parts, since = excluded.since, recalled_at = excluded.recalled_at,
      version = trace_code.version + 1
    where trace_code.state = 'SUPPLIER_RETURNED'`;
  return written.count === codes.length;
}

function fromRow(row: Row): TraceCode {
  return {
    traceCode: row.trace_code,
    drugCode: row.drug_code,
    batchNo: row.batch_no,
    holderId: row.holder_id,
    noteId: row.note_id,
    state: row.state,
    since: new Date(row.since_ms),
    sale: row.sale_id === null || row.line_no === null ? undefined : { saleId: row.sale_id, lineNo: row.line_no },
    handedOver: row.handed_over,
    parentCode: row.parent_code ?? undefined,
    parts: row.parts,
    recalledAt: row.recalled_ms === null ? undefined : new Date(row.recalled_ms),
    clearedAt: row.cleared_ms === null ? undefined : new Date(row.cleared_ms),
  };
}

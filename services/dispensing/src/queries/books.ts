import type { Sql } from '@erx/postgres';

/** Quantities in 10⁻⁴ packs. */
export type LineBooks = {
  prescriptionId: string;
  lineNo: number;
  prescribed: bigint;
  open: bigint;
  held: bigint;
  sold: bigint;
  withdrawn: bigint;
  expired: bigint;
};

/** Money in fen; absent before the sale is settled. */
export type SaleBooks = {
  saleId: string;
  prescriptionId: string;
  state: string;
  settlementId: string | null;
  total: bigint | null;
  basic: bigint | null;
  serious: bigint | null;
  aid: bigint | null;
  patient: bigint | null;
};

export type DispensingBooks = {
  lines: LineBooks[];
  sales: SaleBooks[];
  /** Packs of every line of a completed sale, and how many codes stand for them. */
  soldLines: { saleId: string; prescriptionId: string; lineNo: number; quantity: bigint; codes: bigint }[];
  /** Every sold package with its one sale line. */
  soldCodes: { traceCode: string; saleId: string; lineNo: number }[];
};

/** What the operator's books compare with issuing, traceability and settlement. */
export async function dispensingBooks(sql: Sql): Promise<DispensingBooks> {
  const lines = await sql<LineBooks[]>`
    select prescription_id as "prescriptionId", line_no as "lineNo", prescribed, open, held, sold, withdrawn, expired
    from prescription_line order by prescription_id, line_no`;
  const sales = await sql<SaleBooks[]>`
    select sale_id as "saleId", prescription_id as "prescriptionId", state, settlement_id as "settlementId",
           total_fen as total, basic_fen as basic, serious_fen as serious, aid_fen as aid, patient_fen as patient
    from sale order by sale_id`;
  const soldLines = await sql<DispensingBooks['soldLines']>`
    select sale_id as "saleId", prescription_id as "prescriptionId", line_no as "lineNo", quantity,
           (select count(*) from sale_code as code
            where code.sale_id = line.sale_id and code.line_no = line.line_no) as codes
    from sale_line as line join sale using (sale_id)
    where state in ('COMPLETED', 'HANDED_OVER') order by sale_id, line_no`;
  const soldCodes = await sql<DispensingBooks['soldCodes']>`
    select trace_code as "traceCode", sale_id as "saleId", line_no as "lineNo" from sale_code order by trace_code`;
  return { lines: [...lines], sales: [...sales], soldLines: [...soldLines], soldCodes: [...soldCodes] };
}

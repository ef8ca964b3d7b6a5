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
  /** Packs of every line of a sale that stands, and how many codes stand for them; a reversed sale has none. */
  soldLines: { saleId: string; prescriptionId: string; lineNo: number; quantity: bigint; codes: bigint }[];
  /** Every sold package with its one sale line. */
  soldCodes: { traceCode: string; saleId: string; lineNo: number }[];
  /** Prescriptions by state. */
  statuses: Record<string, bigint>;
  /** Prescriptions whose state and quantities contradict each other: must be empty. */
  wrongStates: string[];
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
    where state in ('COMPLETED', 'HANDED_OVER', 'REVERSING') order by sale_id, line_no`;
  const soldCodes = await sql<DispensingBooks['soldCodes']>`
    select trace_code as "traceCode", sale_id as "saleId", line_no as "lineNo" from sale_code order by trace_code`;
  const statuses = await sql<{ status: string; count: bigint }[]>`
    select status, count(*) as count from prescription group by status`;
  return {
    lines: [...lines],
    sales: [...sales],
    soldLines: [...soldLines],
    soldCodes: [...soldCodes],
    statuses: Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    wrongStates: await wrongStates(sql),
  };
}

/**
 * Something is open exactly where it can still be sold, held exactly while it is sold; withdrawn or expired only where
 * the state says so.
 */
async function wrongStates(sql: Sql): Promise<string[]> {
  const rows = await sql<{ prescriptionId: string }[]>`
    select prescription_id as "prescriptionId" from prescription join prescription_line using (prescription_id)
    group by prescription_id, status
    having (status in ('CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'ON_HOLD')) <> (sum(open) > 0 and status <> 'SELLING')
        or (status = 'SELLING') <> (sum(held) > 0)
        or (status = 'WITHDRAWN') <> (sum(withdrawn) > 0)
        or (status = 'EXPIRED') <> (sum(expired) > 0)
    order by prescription_id`;
  return rows.map((row) => row.prescriptionId);
}

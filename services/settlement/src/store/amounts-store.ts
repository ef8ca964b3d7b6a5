import { query, type Tx } from '@erx/postgres';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { settlementAmounts, settlementLine } from './tables.ts';

/** Everything about a settlement that never changes. */
export type SettledSale = Omit<
  typeof settlementAmounts.$inferSelect,
  'total' | 'basic' | 'serious' | 'aid' | 'patient'
>;

export async function insertAmounts({ sql }: Tx, sale: SettledSale, amounts: Amounts): Promise<void> {
  const { saleId } = sale;
  const totals = {
    sale_id: saleId,
    pharmacy_id: sale.pharmacyId,
    hospital_id: sale.hospitalId,
    person_id: sale.personId,
    pooling_region: sale.poolingRegion,
    insurance_type: sale.insuranceType,
    category: sale.category,
    plan_id: sale.planId,
    year: sale.year,
    deductible: String(sale.deductible),
    made_event_id: sale.madeEventId,
    ...layers(amounts),
  };
  await sql`insert into settlement_amounts ${sql(totals)}`;
  const lines = amounts.lines.map((line) => ({
    sale_id: saleId,
    line_no: line.lineNo,
    drug_code: line.drugCode,
    quantity: String(line.quantity),
    unit_price: String(line.unitPrice),
    standard: String(line.standard),
    in_scope: String(line.inScope),
    over: String(line.over),
    first_self: String(line.firstSelf),
    deductible: String(line.deductible),
    base: String(line.base),
    category: line.category,
    plan_version: line.planVersion,
    list_version: line.listVersion,
    ...layers(line),
  }));
  await sql`insert into settlement_line ${sql(lines)}`;
}

// The driver's types know no bigint parameter.
function layers({ total, basic, serious, aid, patient }: Omit<Amounts, 'lines'>) {
  return {
    total: String(total),
    basic: String(basic),
    serious: String(serious),
    aid: String(aid),
    patient: String(patient),
  };
}

export async function readSettledSale(tx: Tx, saleId: string): Promise<typeof settlementAmounts.$inferSelect> {
  const [sale] = await tx.db.select().from(settlementAmounts).where(query.eq(settlementAmounts.saleId, saleId));
  if (sale === undefined) throw new Error('a settlement without amounts');
  return sale;
}

/** The amounts as they were answered when the sale was settled. */
export async function readAmounts(tx: Tx, saleId: string): Promise<Amounts> {
  const { total, basic, serious, aid, patient } = await readSettledSale(tx, saleId);
  const lines = await tx.db
    .select()
    .from(settlementLine)
    .where(query.eq(settlementLine.saleId, saleId))
    .orderBy(settlementLine.lineNo);
  return { total, basic, serious, aid, patient, lines: lines.map(({ saleId: _, ...line }) => line) };
}

import { query, type Tx } from '@erx/postgres';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { settlementAmounts, settlementLine } from './tables.ts';

/** Everything about a settlement that never changes. */
export type SettledSale = Omit<
  typeof settlementAmounts.$inferSelect,
  'total' | 'basic' | 'serious' | 'aid' | 'patient'
>;

export async function insertAmounts(tx: Tx, sale: SettledSale, { lines, ...sums }: Amounts): Promise<void> {
  await tx.db.insert(settlementAmounts).values({ ...sale, ...sums });
  await tx.db.insert(settlementLine).values(lines.map((line) => ({ ...line, saleId: sale.saleId })));
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

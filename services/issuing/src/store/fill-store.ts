import { type Database, query, type Tx } from '@erx/postgres';
import { fill as table } from './tables.ts';

export type FillRow = typeof table.$inferSelect;

export async function insertFills(tx: Tx, fills: readonly FillRow[]): Promise<void> {
  if (fills.length > 0) await tx.db.insert(table).values([...fills]);
}

/** What became of all lines of a sale. */
export async function markFills(tx: Tx, saleId: string, state: FillRow['state']): Promise<void> {
  await tx.sql`update fill set state = ${state} where sale_id = ${saleId}`;
}

/** Who filled what, in the order of the sales. */
export async function findFills({ db }: Pick<Database, 'db'>, prescriptionId: string): Promise<FillRow[]> {
  return db
    .select()
    .from(table)
    .where(query.eq(table.prescriptionId, prescriptionId))
    .orderBy(table.soldAt, table.saleId, table.lineNo);
}

import { type Database, query } from '@erx/postgres';
import { sale, saleLine } from './tables.ts';

/** One line of one sale: who filled what, when, and what became of it. Quantity in 10⁻⁴ packs. */
export type Fill = {
  prescriptionId: string;
  saleId: string;
  pharmacyId: string;
  lineNo: number;
  quantity: bigint;
  soldAt: Date;
  state: 'SOLD' | 'HANDED_OVER' | 'REVERSED';
};

/** All fills of these prescriptions, oldest first; sales that came to nothing are none. */
export async function findFills({ db }: Pick<Database, 'db'>, prescriptionIds: readonly string[]): Promise<Fill[]> {
  if (prescriptionIds.length === 0) return [];
  const { and, eq, inArray, isNotNull } = query;
  const rows = await db
    .select({
      prescriptionId: sale.prescriptionId,
      saleId: sale.saleId,
      pharmacyId: sale.pharmacyId,
      lineNo: saleLine.lineNo,
      quantity: saleLine.quantity,
      soldAt: sale.soldAt,
      state: sale.state,
    })
    .from(sale)
    .innerJoin(saleLine, eq(saleLine.saleId, sale.saleId))
    .where(and(inArray(sale.prescriptionId, [...prescriptionIds]), isNotNull(sale.listSm3)))
    .orderBy(sale.soldAt, sale.saleId, saleLine.lineNo);
  return rows.flatMap(({ soldAt, state, ...rest }) =>
    soldAt === null ? [] : [{ ...rest, soldAt, state: fillState(state) }],
  );
}

/** A reversal that is under way counts when it is done. */
function fillState(state: string): Fill['state'] {
  return state === 'HANDED_OVER' || state === 'REVERSED' ? state : 'SOLD';
}

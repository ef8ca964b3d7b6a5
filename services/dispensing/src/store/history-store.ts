import { type Database, query } from '@erx/postgres';
import { prescriptionLine, sale, saleLine } from './tables.ts';

export type SoldLine = {
  soldAt: Date;
  pharmacyId: string;
  drugCode: string;
  genericName: string;
  /** 10⁻⁴ packs: sold, and prescribed with it. */
  quantity: bigint;
  prescribed: bigint;
  /** Days that the prescribed quantity is for. */
  days: number;
};

/** Everything that a person was sold at any pharmacy and that was not taken back, newest first. */
export async function findSoldToPerson({ db }: Pick<Database, 'db'>, personId: string): Promise<SoldLine[]> {
  const { and, eq, ne, desc, isNotNull } = query;
  const rows = await db
    .select({
      soldAt: sale.soldAt,
      pharmacyId: sale.pharmacyId,
      drugCode: saleLine.drugCode,
      genericName: saleLine.genericName,
      quantity: saleLine.quantity,
      prescribed: prescriptionLine.prescribed,
      days: prescriptionLine.days,
    })
    .from(sale)
    .innerJoin(saleLine, eq(saleLine.saleId, sale.saleId))
    .innerJoin(
      prescriptionLine,
      and(eq(prescriptionLine.prescriptionId, sale.prescriptionId), eq(prescriptionLine.lineNo, saleLine.lineNo)),
    )
    .where(and(eq(sale.personId, personId), isNotNull(sale.listSm3), ne(sale.state, 'REVERSED')))
    .orderBy(desc(sale.soldAt), saleLine.lineNo);
  return rows.flatMap(({ soldAt, ...rest }) => (soldAt === null ? [] : [{ soldAt, ...rest }]));
}

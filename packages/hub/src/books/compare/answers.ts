import type { Ledgers } from '../read/ledgers.ts';
import { known, layers } from './money.ts';
import { differences, type Row } from './row.ts';
import { isCompleted, isReversed } from './sales.ts';

/** What a till was told of a sale. Money in fen. */
export type SaleAnswer = {
  saleId: string;
  prescriptionId: string;
  totalFen: number;
  basicFen: number;
  seriousFen: number;
  aidFen: number;
  patientFen: number;
  traceCodes: string[];
  /** Taken back later (冲正). */
  reversed: boolean;
};

/** The answers that outside programs wrote down are the sales in the books, with their amounts and packages. */
export function compareAnswers(answers: readonly SaleAnswer[], { dispensing }: Pick<Ledgers, 'dispensing'>): Row {
  const codes = Map.groupBy(dispensing.soldCodes, ({ saleId }) => saleId);
  const told = new Map(answers.map((answer) => [answer.saleId, toldOf(answer)]));
  const kept = new Map(
    dispensing.sales
      .filter((sale) => (isCompleted(sale) || isReversed(sale)) && told.has(sale.saleId))
      .map((sale) => {
        if (isReversed(sale)) return [sale.saleId, reversal(sale.prescriptionId)];
        const scanned = (codes.get(sale.saleId) ?? []).map(({ traceCode }) => traceCode);
        return [sale.saleId, describe(sale.prescriptionId, layers(known(sale)), scanned)];
      }),
  );
  const twice = [...Map.groupBy(answers, ({ saleId }) => saleId)].filter(([, list]) => list.length > 1);
  return {
    zh: '收银应答 = 账上销售',
    en: 'answers at the tills = sales in the books',
    left: `${answers.length} answers`,
    right: `${kept.size} sales`,
    wrong: [...differences(told, kept), ...twice.map(([saleId]) => `${saleId}: answered as two sales`)],
  };
}

/** Nothing is left of it to compare but that it was. */
const reversal = (prescriptionId: string): string => `${prescriptionId} REVERSED`;

function toldOf({ prescriptionId, traceCodes, reversed, ...fen }: SaleAnswer): string {
  if (reversed) return reversal(prescriptionId);
  const amounts = {
    total: BigInt(fen.totalFen),
    basic: BigInt(fen.basicFen),
    serious: BigInt(fen.seriousFen),
    aid: BigInt(fen.aidFen),
    patient: BigInt(fen.patientFen),
  };
  return describe(prescriptionId, layers(amounts), traceCodes);
}

function describe(prescriptionId: string, amounts: string, traceCodes: readonly string[]): string {
  return `${prescriptionId} ${amounts} [${traceCodes.toSorted().join(' ')}]`;
}

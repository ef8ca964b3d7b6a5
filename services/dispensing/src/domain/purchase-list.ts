import { sm3Hex } from '@erx/gm';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Amounts, LineAmounts } from '@erx/proto/settlement/v1/settlement_events';
import { formatDecimal, formatInstant, UNIT_PRICE_SCALE } from '@erx/values';
import { packs } from './quantities.ts';

type Listed = {
  saleId: string;
  prescriptionId: string;
  hiRxno: string;
  pharmacyId: string;
  soldAt: Date;
  lines: readonly (SaleLine & { genericName: string })[];
  amounts: Amounts;
};

/** The purchase list (购药清单) that the patient signs: UTF-8 JSON, money in fen, and its SM3. Names nobody. */
export function purchaseList(sale: Listed): { bytes: Uint8Array; sm3: string } {
  const { saleId, prescriptionId, hiRxno, pharmacyId, soldAt, lines, amounts } = sale;
  const content = {
    schema: 'erx.purchase-list.v1',
    saleId,
    prescriptionId,
    hiRxno,
    pharmacyId,
    soldAt: formatInstant(soldAt),
    lines: lines.map(({ lineNo, drugCode, genericName, quantity, unitPrice, traceCodes }) => ({
      lineNo,
      drugCode,
      genericName,
      packs: packs(quantity),
      unitPrice: formatDecimal(unitPrice, UNIT_PRICE_SCALE, 2),
      traceCodes,
      ...fen(amounts.lines.find((line) => line.lineNo === lineNo)),
    })),
    ...fen(amounts),
  };
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, sm3: sm3Hex(bytes) };
}

type Layers = Pick<LineAmounts, 'total' | 'basic' | 'serious' | 'aid' | 'patient'>;

function fen(amounts: Layers | undefined) {
  if (amounts === undefined) throw new Error('the settlement does not name every line of the sale');
  const { total, basic, serious, aid, patient } = amounts;
  return {
    totalFen: Number(total),
    basicFen: Number(basic),
    seriousFen: Number(serious),
    aidFen: Number(aid),
    patientFen: Number(patient),
  };
}

import { WHOLE } from '@erx/values';
import type { Ledgers } from '../read/ledgers.ts';
import { differences, type Row, sum } from './row.ts';
import { isInFlight } from './sales.ts';

/** Each sold package belongs to exactly one sale line, in dispensing and in traceability alike (追溯码账). */
export function compareCodes({ dispensing, traceability }: Pick<Ledgers, 'dispensing' | 'traceability'>): Row[] {
  const { soldCodes, soldLines, sales } = dispensing;
  const { taken, brokenChains, states, wrongStock } = traceability;
  const line = (of: { saleId: string; lineNo: number }): string => `${of.saleId}/${of.lineNo}`;
  const needed = new Map(soldLines.map((of) => [line(of), of.quantity / WHOLE]));
  const scanned = new Map(soldLines.map((of) => [line(of), of.codes]));
  const places = Map.groupBy(soldCodes, ({ traceCode }) => traceCode);
  const twice = [...places].filter(([, list]) => list.length > 1);
  const homeless = soldCodes.filter((code) => !needed.has(line(code)));
  const sold = new Map(soldCodes.map((code) => [code.traceCode, line(code)]));
  const gone = new Map(taken.filter(({ state }) => state === 'SOLD').map((code) => [code.traceCode, line(code)]));
  const selling = new Set(sales.filter(isInFlight).map(({ saleId }) => saleId));
  const reserved = taken.filter(({ state }) => state !== 'SOLD');
  const idle = reserved.filter(({ saleId }) => !selling.has(saleId));
  return [
    {
      zh: '每个售出追溯码只属一条销售明细',
      en: 'one code per pack, one sale line per code',
      left: `${sum(needed.values())} packs`,
      right: `${soldCodes.length} codes`,
      wrong: [
        ...differences(needed, scanned),
        ...twice.map(([code, list]) => `${code}: in ${list.map(line).join(' and ')}`),
        ...homeless.map((code) => `${code.traceCode}: sale line ${line(code)} is not completed`),
      ],
    },
    {
      zh: '售出追溯码 = 追溯已售',
      en: 'sold codes = SOLD in traceability',
      left: String(sold.size),
      right: String(gone.size),
      wrong: differences(sold, gone),
    },
    {
      zh: '预留只属在途销售',
      en: 'reserved only by sales in flight',
      left: String(reserved.length),
      right: String(reserved.length - idle.length),
      wrong: idle.map(({ traceCode, saleId, state }) => `${traceCode}: ${state} for ${saleId}`),
    },
    {
      zh: '追溯链完整',
      en: 'custody chains unbroken',
      left: `${sum(Object.values(states))} packages`,
      right: `${brokenChains.length} broken`,
      wrong: brokenChains,
    },
    {
      zh: '进销存 = 追溯码',
      en: 'stock ledger = packages, pharmacy by pharmacy',
      left: `${sum(Object.values(states))} packages`,
      right: `${wrongStock.length} entries differ`,
      wrong: wrongStock,
    },
  ];
}

import { formatDecimal, MONEY_SCALE } from '@erx/values';
import type { Ledgers } from '../read/ledgers.ts';
import { differences, type Row, sum } from './row.ts';
import { isCompleted, isInFlight, isReversed } from './sales.ts';

export type Layers = { total: bigint; basic: bigint; serious: bigint; aid: bigint; patient: bigint };

const yuan = (fen: bigint): string => formatDecimal(fen, MONEY_SCALE, 2);
export const layers = ({ total, basic, serious, aid, patient }: Layers): string =>
  `${yuan(total)} = ${yuan(basic)} + ${yuan(serious)} + ${yuan(aid)} + ${yuan(patient)}`;

/** The ledger sums to zero and holds, to the fen, what the sales were answered with (资金账). */
export function compareMoney({ dispensing, settlement }: Pick<Ledgers, 'dispensing' | 'settlement'>): Row[] {
  const completed = dispensing.sales.filter(isCompleted);
  const answered = new Map(completed.map((sale) => [sale.saleId, `${sale.settlementId} ${layers(known(sale))}`]));
  const flying = new Set(dispensing.sales.filter(isInFlight).map(({ saleId }) => saleId));
  const standing = settlement.sales.filter(({ saleId }) => !flying.has(saleId));
  const booked = new Map(standing.map((sale) => [sale.saleId, `${sale.settlementId} ${layers(sale)}`]));
  const unconfirmed = standing.filter(({ state }) => state !== 'CONFIRMED');
  const accounts = new Map(Object.entries(settlement.ledger).filter(([, amount]) => amount !== 0n));
  const due = accountsOf([...completed.map(known), ...settlement.sales.filter(({ saleId }) => flying.has(saleId))]);
  const rest = sum(accounts.values());
  const reversed = settlementsOf(dispensing.sales.filter(isReversed));
  // A sale that was given up after its settlement has taken it back too.
  const given = new Set(dispensing.sales.filter((sale) => sale.state === 'ABANDONED').map(({ saleId }) => saleId));
  const backed = settlementsOf(settlement.reversed.filter(({ saleId }) => !given.has(saleId) && !flying.has(saleId)));
  return [
    {
      zh: '总账为零',
      en: 'the ledger sums to zero',
      left: yuan(rest),
      right: '0.00',
      wrong: rest === 0n ? [] : [...accounts].map(([account, amount]) => `${account}: ${yuan(amount)}`),
    },
    {
      zh: '结算 = 销售应答 (元)',
      en: 'settled = answered, sale by sale (yuan)',
      left: `${booked.size} sales, ${yuan(sum(standing.map(({ total }) => total)))}`,
      right: `${answered.size} sales, ${yuan(sum(completed.map((sale) => known(sale).total)))}`,
      wrong: differences(booked, answered),
    },
    {
      zh: '总账科目 = 销售应答合计',
      en: 'ledger accounts = sums of the answers',
      left: `pharmacy ${yuan(accounts.get('PHARMACY') ?? 0n)}`,
      right: `pharmacy ${yuan(due.get('PHARMACY') ?? 0n)}`,
      wrong: differences(accounts, due, yuan),
    },
    {
      zh: '已完成销售均已确认',
      en: 'every settlement that stands is confirmed',
      left: String(standing.length),
      right: String(standing.length - unconfirmed.length),
      wrong: unconfirmed.map(({ saleId, state }) => `${saleId}: ${state}`),
    },
    {
      zh: '冲正销售 = 冲正结算',
      en: 'reversed sales = reversed settlements',
      left: String(reversed.size),
      right: String(backed.size),
      wrong: differences(reversed, backed),
    },
    {
      zh: '分录与累计正确',
      en: 'postings and accumulators true',
      left: `${settlement.wrongPostings.length} wrong postings`,
      right: `${settlement.wrongAccounts.length} wrong accumulators`,
      wrong: [
        ...settlement.wrongPostings.map((saleId) => `${saleId}: posting`),
        ...settlement.wrongAccounts.map((saleId) => `${saleId}: accumulator of its person`),
      ],
    },
  ];
}

const settlementsOf = (sales: readonly { saleId: string; settlementId: string | null }[]): Map<string, string> =>
  new Map(sales.map(({ saleId, settlementId }) => [saleId, settlementId ?? '–']));

/** The accounts that these sales leave behind: owed by funds and patients, owed to pharmacies. */
function accountsOf(sales: readonly Layers[]): Map<string, bigint> {
  const of = (part: keyof Layers): bigint => sum(sales.map((sale) => sale[part]));
  const all: [string, bigint][] = [
    ['FUND_BASIC', of('basic')],
    ['FUND_SERIOUS', of('serious')],
    ['FUND_AID', of('aid')],
    ['PATIENT', of('patient')],
    ['PHARMACY', -of('total')],
  ];
  return new Map(all.filter(([, amount]) => amount !== 0n));
}

/** Amounts of a sale; a completed one has them. */
export function known(sale: { [part in keyof Layers]: bigint | null }): Layers {
  const { total, basic, serious, aid, patient } = sale;
  return { total: total ?? 0n, basic: basic ?? 0n, serious: serious ?? 0n, aid: aid ?? 0n, patient: patient ?? 0n };
}

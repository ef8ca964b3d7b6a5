import type { SaleBooks } from '@erx/dispensing/books';
import type { Ledgers } from '../read/ledgers.ts';
import type { Row } from './row.ts';

/** Past the commit point. */
export function isCompleted({ state }: SaleBooks): boolean {
  return state === 'COMPLETED' || state === 'HANDED_OVER';
}

/** Taken back (冲正), to its end. */
export function isReversed({ state }: SaleBooks): boolean {
  return state === 'REVERSED';
}

/** On its way forward or back. */
export function isInFlight(sale: SaleBooks): boolean {
  return !isCompleted(sale) && !isReversed(sale) && sale.state !== 'ABANDONED';
}

/** Every sale has come to its end (在途销售). */
export function compareSales({ dispensing }: Pick<Ledgers, 'dispensing'>): Row {
  const { sales } = dispensing;
  const open = sales.filter(isInFlight);
  const abandoned = sales.filter(({ state }) => state === 'ABANDONED');
  const ended = [
    `${sales.filter(isCompleted).length} completed`,
    `${abandoned.length} abandoned`,
    `${sales.filter(isReversed).length} reversed`,
  ];
  return {
    zh: '无在途销售',
    en: 'no sale in flight',
    left: `${sales.length} sales`,
    right: ended.join(' + '),
    wrong: open.map(({ saleId, state }) => `${saleId}: ${state}`),
  };
}

import type { SaleBooks } from '@erx/dispensing/books';
import type { Ledgers } from '../read/ledgers.ts';
import type { Row } from './row.ts';

/** Past the commit point. */
export function isCompleted({ state }: SaleBooks): boolean {
  return state === 'COMPLETED' || state === 'HANDED_OVER';
}

export function isInFlight(sale: SaleBooks): boolean {
  return !isCompleted(sale) && sale.state !== 'ABANDONED';
}

/** Every sale has come to its end (在途销售). */
export function compareSales({ dispensing }: Pick<Ledgers, 'dispensing'>): Row {
  const { sales } = dispensing;
  const open = sales.filter(isInFlight);
  return {
    zh: '无在途销售',
    en: 'no sale in flight',
    left: `${sales.length} sales`,
    right: `${sales.filter(isCompleted).length} completed + ${sales.filter(({ state }) => state === 'ABANDONED').length} abandoned`,
    wrong: open.map(({ saleId, state }) => `${saleId}: ${state}`),
  };
}

import type { SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import { toMessage } from '@erx/rpc';
import type { Sale } from '../domain/sale.ts';
import type { StoredSale } from '../store/sale-store.ts';

/** A sale as its pharmacy sees it. */
export function saleView(stored: Pick<StoredSale, 'saleId' | 'prescriptionId' | 'sale' | 'list'>): SellResponse {
  const { saleId, prescriptionId, sale, list } = stored;
  return {
    saleId,
    prescriptionId,
    state: shownState(sale),
    // Before the commit an amount is nobody's business: it may be taken back.
    settlementId: list !== undefined && 'settlementId' in sale ? sale.settlementId : '',
    amounts: list !== undefined && 'amounts' in sale ? sale.amounts : undefined,
    listSm3: list?.sm3 ?? '',
    purchaseList: list?.bytes ?? new Uint8Array(),
    soldAt: list?.soldAt,
    refusals: sale.state === 'ABANDONED' ? sale.refusals.map(toMessage) : [],
  };
}

function shownState({ state }: Sale): 'RUNNING' | 'COMPLETED' | 'HANDED_OVER' | 'ABANDONED' | 'REVERSING' | 'REVERSED' {
  switch (state) {
    case 'COMPLETED':
    case 'HANDED_OVER':
    case 'ABANDONED':
    case 'REVERSING':
    case 'REVERSED':
      return state;
    default:
      return 'RUNNING';
  }
}

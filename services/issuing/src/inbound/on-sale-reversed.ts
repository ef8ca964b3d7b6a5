import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleReversed } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';
import { markFills } from '../store/fill-store.ts';

/** 冲正: what the sale took is open again. */
export async function onSaleReversed(tx: Tx, event: ConsumedEvent & { payload: SaleReversed }): Promise<void> {
  const { saleId } = event.payload;
  await followDispensing(tx, event, { type: 'CompleteReversal', saleId });
  await markFills(tx, saleId, 'REVERSED');
}

import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleReversing } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 冲正开始: nothing of this sale is handed over any more. */
export async function onSaleReversing(tx: Tx, event: ConsumedEvent & { payload: SaleReversing }): Promise<void> {
  const { saleId, reason } = event.payload;
  await followDispensing(tx, event, { type: 'BeginReversal', saleId, reason });
}

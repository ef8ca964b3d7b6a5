import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 销售完成: dispensed and settled, wholly or in part. */
export function onSaleCompleted(tx: Tx, event: ConsumedEvent & { payload: SaleCompleted }): Promise<void> {
  const { saleId, usedUp } = event.payload;
  return followDispensing(tx, event, { type: 'Sell', saleId, usedUp });
}

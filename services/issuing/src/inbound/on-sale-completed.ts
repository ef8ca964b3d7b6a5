import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';
import { insertFills } from '../store/fill-store.ts';

/** 销售完成: dispensed and settled, wholly or in part. */
export async function onSaleCompleted(tx: Tx, event: ConsumedEvent & { payload: SaleCompleted }): Promise<void> {
  const { prescriptionId, saleId, pharmacyId, usedUp, lines } = event.payload;
  const { at: soldAt } = await followDispensing(tx, event, { type: 'Sell', saleId, usedUp });
  const fills = lines.map(({ lineNo, drugCode, quantity }) => {
    return { saleId, lineNo, prescriptionId, pharmacyId, drugCode, quantity, soldAt, state: 'SOLD' as const };
  });
  await insertFills(tx, fills);
}

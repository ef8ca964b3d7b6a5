import { isRefused } from '@erx/errors';
import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleAbandoned } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { releaseCodes } from '../commands/release-codes.ts';

/** 销售取消: whatever the sale still holds is free again, and nothing can be reserved for it any more. */
export function onSaleAbandoned({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: SaleAbandoned }): Promise<void> => {
    const { context, saleId, prescriptionId, pharmacyId } = event.payload;
    const act = actOfEvent(context, pharmacyId, clock.machine(), reference);
    const outcome = await releaseCodes(tx, { saleId, prescriptionId }, () => act);
    if (isRefused(outcome)) throw new Error('abandoned sale, but its packages are sold');
  };
}

import { isRefused } from '@erx/errors';
import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleAbandoned } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { reverse } from '../commands/reverse.ts';
import { lockSettlement } from '../store/settlement-store.ts';

/**
 * 销售取消: a settlement that still stands is reversed, and the sale can never be settled any more. One that is confirmed
 * belongs to a completed sale: a contradiction, which is thrown, so that the event is parked.
 */
export function onSaleAbandoned({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: SaleAbandoned }): Promise<void> => {
    const { context, pharmacyId } = event.payload;
    const act = actOfEvent(context, pharmacyId, clock.machine(), reference);
    const standing = await lockSettlement(tx, event.payload.saleId);
    if (standing?.settlement.state === 'CONFIRMED') throw new Error('abandoned sale, but its settlement is confirmed');
    const outcome = await reverse(tx, event.payload, () => act, reference, event.id);
    if (isRefused(outcome)) throw new Error('a settlement that cannot be reversed');
  };
}

import { isRefused } from '@erx/errors';
import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleAbandoned } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { reverse } from '../commands/reverse.ts';

/** 销售取消: a settlement that still stands is reversed, and the sale can never be settled any more. */
export function onSaleAbandoned({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: SaleAbandoned }): Promise<void> => {
    const { context, pharmacyId } = event.payload;
    const act = actOfEvent(context, pharmacyId, clock.machine(), reference);
    const outcome = await reverse(tx, event.payload, () => act, reference, event.id);
    if (isRefused(outcome)) throw new Error('abandoned sale, but its settlement is confirmed');
  };
}

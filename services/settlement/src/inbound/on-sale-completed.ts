import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { SaleCompleted } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { confirm } from '../commands/confirm.ts';

/** 销售完成: the settlement stays, at the time and by the actor of the sale. */
export function onSaleCompleted({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: SaleCompleted }): Promise<void> => {
    const { context, pharmacyId } = event.payload;
    const act = actOfEvent(context, pharmacyId, clock.machine(), reference);
    const territory = event.headers['ce_territory']?.split(',') ?? reference.territory([pharmacyId]);
    await confirm(tx, event.payload, act, { causationId: event.id, territory });
  };
}

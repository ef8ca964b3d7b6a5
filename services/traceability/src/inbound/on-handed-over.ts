import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { HandedOver } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { actOfEvent } from '../act.ts';
import { handOverCodes } from '../commands/sell-codes.ts';

/** 交付患者: the custody chain of the packages ends with the one who took them. */
export function onHandedOver({ clock, reference }: { clock: BusinessClock; reference: Lookups }) {
  return async (tx: Tx, event: ConsumedEvent & { payload: HandedOver }): Promise<void> => {
    const { context, saleId, pharmacyId } = event.payload;
    await handOverCodes(tx, saleId, actOfEvent(context, pharmacyId, clock.machine(), reference));
  };
}

import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { HandedOver } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 交付患者: the packages of one sale. */
export function onHandedOver(tx: Tx, event: ConsumedEvent & { payload: HandedOver }): Promise<void> {
  return followDispensing(tx, event, { type: 'HandOver', saleId: event.payload.saleId });
}

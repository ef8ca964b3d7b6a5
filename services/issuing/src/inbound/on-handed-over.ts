import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { HandedOver } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';
import { markFills } from '../store/fill-store.ts';

/** 交付患者: the packages of one sale. */
export async function onHandedOver(tx: Tx, event: ConsumedEvent & { payload: HandedOver }): Promise<void> {
  const { saleId } = event.payload;
  await followDispensing(tx, event, { type: 'HandOver', saleId });
  await markFills(tx, saleId, 'HANDED_OVER');
}

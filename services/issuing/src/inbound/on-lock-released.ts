import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { LockReleased } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 释放接单: the prescription circulates again. */
export async function onLockReleased(tx: Tx, event: ConsumedEvent & { payload: LockReleased }): Promise<void> {
  await followDispensing(tx, event, { type: 'Release', reason: event.payload.reason });
}

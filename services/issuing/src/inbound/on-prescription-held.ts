import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionHeld } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 暂停: until another admitted doctor signs. */
export async function onPrescriptionHeld(tx: Tx, event: ConsumedEvent & { payload: PrescriptionHeld }): Promise<void> {
  await followDispensing(tx, event, { type: 'Hold', reason: event.payload.reason });
}

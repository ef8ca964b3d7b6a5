import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionWithdrawn } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 撤方: nothing more of it is sold. */
export async function onPrescriptionWithdrawn(
  tx: Tx,
  event: ConsumedEvent & { payload: PrescriptionWithdrawn },
): Promise<void> {
  await followDispensing(tx, event, { type: 'Withdraw', reason: event.payload.reason });
}

import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionLocked } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 药店接单. */
export async function onPrescriptionLocked(
  tx: Tx,
  event: ConsumedEvent & { payload: PrescriptionLocked },
): Promise<void> {
  await followDispensing(tx, event, { type: 'Lock' });
}

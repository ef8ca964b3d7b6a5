import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionExpired } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 过期: its validity is over. */
export async function onPrescriptionExpired(
  tx: Tx,
  event: ConsumedEvent & { payload: PrescriptionExpired },
): Promise<void> {
  await followDispensing(tx, event, { type: 'Expire' });
}

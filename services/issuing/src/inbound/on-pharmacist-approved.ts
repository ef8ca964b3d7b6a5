import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PharmacistApproved } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 审方通过: the step shows the pharmacist who signed. */
export async function onPharmacistApproved(
  tx: Tx,
  event: ConsumedEvent & { payload: PharmacistApproved },
): Promise<void> {
  await followDispensing(tx, event, { type: 'Approve', signer: event.payload.pharmacistId });
}

import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PharmacistRefused } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';

/** 审方不通过: with the reason, which the doctor reads here (HB-28a). */
export async function onPharmacistRefused(
  tx: Tx,
  event: ConsumedEvent & { payload: PharmacistRefused },
): Promise<void> {
  const { pharmacistId: signer, reason } = event.payload;
  await followDispensing(tx, event, { type: 'Refuse', signer, reason });
}

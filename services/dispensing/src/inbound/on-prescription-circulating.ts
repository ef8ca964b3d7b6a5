import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import { insertPrescription } from '../store/insert-prescription.ts';

/** 流转: from here on this service alone decides about the prescription. */
export async function onPrescriptionCirculating(
  tx: Tx,
  event: ConsumedEvent & { payload: PrescriptionCirculating },
): Promise<void> {
  await insertPrescription(tx, event.payload, event.id);
}

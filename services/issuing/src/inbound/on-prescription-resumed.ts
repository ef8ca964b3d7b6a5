import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionResumed } from '@erx/proto/dispensing/v1/dispensing_events';
import { followDispensing } from '../commands/follow-dispensing.ts';
import { insertEndorsement } from '../store/evidence-store.ts';

/** 恢复流转: the step shows the doctor who signed; the proof is kept with the others (GX-3k). */
export async function onPrescriptionResumed(
  tx: Tx,
  event: ConsumedEvent & { payload: PrescriptionResumed },
): Promise<void> {
  const { prescriptionId, doctorId: signer, evidence } = event.payload;
  if (evidence === undefined) throw new Error('a prescription resumed without a proof');
  const { retainUntil } = await followDispensing(tx, event, { type: 'Resume', signer });
  await insertEndorsement(tx, prescriptionId, evidence, retainUntil);
}

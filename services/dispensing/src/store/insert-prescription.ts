import type { Tx } from '@erx/postgres';
import { InsuranceFacts, SealedPerson } from '@erx/proto/common/v1/common';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import { prescription, prescriptionLine } from './tables.ts';

/** Takes a prescription over, everything open. False: it is here already and stays as it is. */
export async function insertPrescription(tx: Tx, event: PrescriptionCirculating, eventId: string): Promise<boolean> {
  const { patient, insurance, prescribedAt, validUntil, prescriptionId } = event;
  if (!patient || !insurance || !prescribedAt || !validUntil) throw new Error('the event does not say whose and when');
  const { hiRxno, rxTraceCode, hospitalId, doctorId, documentSm3, category } = event;
  const inserted = await tx.db
    .insert(prescription)
    .values({
      prescriptionId,
      hiRxno,
      rxTraceCode,
      hospitalId,
      doctorId,
      personId: patient.personId,
      patientSealed: SealedPerson.encode(patient).finish(),
      documentSm3,
      category,
      diagnoses: JSON.stringify(event.diagnoses.map(({ code, name }) => ({ code, name }))),
      prescribedAt,
      validUntil,
      insurance: InsuranceFacts.encode(insurance).finish(),
      status: 'CIRCULATING',
      signerId: doctorId,
      version: 1,
      lastEventId: eventId,
    })
    .onConflictDoNothing({ target: prescription.prescriptionId })
    .returning({ prescriptionId: prescription.prescriptionId });
  if (inserted.length === 0) return false;
  await tx.db.insert(prescriptionLine).values(
    event.lines.map(({ quantity, ...written }) => ({
      prescriptionId,
      ...written,
      prescribed: quantity,
      open: quantity,
      held: 0n,
      sold: 0n,
      withdrawn: 0n,
      expired: 0n,
    })),
  );
  return true;
}

import type { PrescriptionView } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Lookups } from '@erx/reference';
import { holdsLock, shownStatus } from '../domain/shown-status.ts';
import type { StoredPrescription } from '../store/prescription-store.ts';

/** A prescription as a pharmacy sees it now; the patient's fields stay sealed. */
export function viewOf(stored: StoredPrescription, pharmacyId: string, at: Date, reference: Lookups): PrescriptionView {
  const { prescriptionId, hiRxno, rxTraceCode, hospitalId, doctorId, category, diagnoses, state } = stored;
  const lock = 'lock' in state && holdsLock(state, pharmacyId, at) ? state.lock : undefined;
  return {
    prescriptionId,
    hiRxno,
    rxTraceCode,
    status: shownStatus(state, at),
    hospitalId,
    hospitalName: reference.institution(hospitalId)?.name ?? '',
    doctorId,
    category,
    diagnoses,
    lines: state.lines.map(({ lineNo, prescribed, open, held, sold }, index) => {
      const written = stored.written[index];
      if (written?.lineNo !== lineNo)
        throw new Error('quantities and contents of a prescription differ in their lines');
      return { line: { ...written, quantity: prescribed }, open, held, sold };
    }),
    prescribedAt: stored.prescribedAt,
    validUntil: state.validUntil,
    documentSm3: stored.documentSm3,
    patient: stored.patient,
    lockId: lock?.lockId ?? '',
    lockedUntil: lock?.until,
  };
}

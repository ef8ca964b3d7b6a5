import type { PrescriptionView } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Lookups } from '@erx/reference';
import { holdsLock, shownStatus } from '../domain/shown-status.ts';
import type { Fill } from '../store/fill-store.ts';
import type { StoredPrescription } from '../store/prescription-store.ts';

/**
 * A prescription as a pharmacy sees it now; the patient's fields stay sealed. `fills`: only the patient sees who filled
 * what; a pharmacist reads the history, which is recorded.
 */
export function viewOf(
  stored: StoredPrescription,
  pharmacyId: string,
  at: Date,
  reference: Lookups,
  fills: readonly Fill[] = [],
): PrescriptionView {
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
    fills: fills
      .filter((fill) => fill.prescriptionId === prescriptionId)
      .map(({ saleId, lineNo, quantity, soldAt, state: became, ...fill }) => {
        const pharmacyName = reference.institution(fill.pharmacyId)?.name ?? '';
        return { saleId, pharmacyName, lineNo, quantity, soldAt, state: became };
      }),
  };
}

import { type Refused, refuse } from '@erx/errors';

export type Encounter = {
  /** Person behind the grant, and the one the prescription is for. */
  present: string;
  prescribedFor: string;
  /** This pharmacy holds the lock now. */
  holdsLock: boolean;
  /** The patient showed the QR of this very prescription. */
  showsQr: boolean;
};

/**
 * HB-24b, HB-28e: the person present must be the one the prescription is for. Only who already knows it (by lock or QR)
 * hears that there is such a prescription; to everybody else it does not exist.
 */
export function patientProblem({ present, prescribedFor, holdsLock, showsQr }: Encounter): Refused | undefined {
  if (present === prescribedFor) return undefined;
  return refuse(holdsLock || showsQr ? 'PRESCRIPTION_PATIENT_MISMATCH' : 'PRESCRIPTION_NOT_FOUND');
}

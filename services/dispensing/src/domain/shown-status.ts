import { isExpired, withoutOverdueLock } from './hindrances.ts';
import type { Prescription, Status } from './prescription.ts';

/** The state as it counts now: a lock or validity that is over is shown so before any sweep writes it. */
export function shownStatus(stored: Prescription, at: Date): Status {
  const state = withoutOverdueLock(stored, at);
  switch (state.status) {
    case 'CIRCULATING':
    case 'LOCKED':
    case 'PHARMACIST_APPROVED':
    case 'ON_HOLD':
      return isExpired(state, at) ? 'EXPIRED' : state.status;
    default:
      return state.status;
  }
}

/** Does this pharmacy hold it now? */
export function holdsLock(stored: Prescription, pharmacyId: string, at: Date): boolean {
  const state = withoutOverdueLock(stored, at);
  return 'lock' in state && state.lock.pharmacyId === pharmacyId;
}

/** The pharmacy that took it last: it holds the lock, or is to hear why it does not any more. Empty: none. */
export function takenBy(state: Prescription): string {
  return 'lock' in state ? state.lock.pharmacyId : state.endedLockOf;
}

import { isExpired, withoutOverdueLock } from './hindrances.ts';
import type { Prescription, Status } from './prescription.ts';

/** The state as it counts now: a lock or validity that is over is shown so before any sweep writes it. */
export function shownStatus(stored: Prescription, at: Date): Status | 'EXPIRED' {
  const state = withoutOverdueLock(stored, at);
  const isOpen = state.status !== 'SELLING' && state.status !== 'SETTLED' && state.status !== 'HANDED_OVER';
  return isOpen && isExpired(state, at) ? 'EXPIRED' : state.status;
}

/** Does this pharmacy hold it now? */
export function holdsLock(stored: Prescription, pharmacyId: string, at: Date): boolean {
  const state = withoutOverdueLock(stored, at);
  return 'lock' in state && state.lock.pharmacyId === pharmacyId;
}

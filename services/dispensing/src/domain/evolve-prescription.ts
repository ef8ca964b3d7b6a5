import type { Core, Event, Lock, Prescription } from './prescription.ts';
import { closeOpen, hold, openHeld, reopenSold, sellHeld } from './quantities.ts';

/** The prescription after an event that was decided about it. Throws for an event that cannot have been. */
export function evolve(state: Prescription, event: Event): Prescription {
  const core = coreOf(state);
  const { lines } = core;
  switch (event.type) {
    case 'PrescriptionLocked': {
      const { lockId, pharmacyId, personId, until } = event;
      const lock = { lockId, pharmacyId, personId, until, historyViewed: undefined };
      return { ...core, endedLockOf: '', status: 'LOCKED', lock };
    }
    case 'LockReleased':
      return { ...core, endedLockOf: event.reason === TIMED_OUT ? event.pharmacyId : '', status: 'CIRCULATING' };
    case 'PharmacistRefused':
      return { ...core, status: 'CIRCULATING' };
    case 'HistoryViewed': {
      const lock: Lock = { ...lockOf(state, event), historyViewed: { by: event.pharmacistId, at: event.at } };
      return { ...state, lock } as Prescription;
    }
    case 'PharmacistApproved': {
      const approved = { by: event.pharmacistId, at: event.at };
      return { ...core, status: 'PHARMACIST_APPROVED', lock: lockOf(state, event), approved };
    }
    case 'SaleStarted': {
      if (state.status !== 'PHARMACIST_APPROVED') throw impossible(state, event);
      const { lock, approved } = state;
      const { saleId } = event;
      return { ...core, lines: hold(lines, event.lines), status: 'SELLING', lock, approved, saleId };
    }
    case 'SaleAbandoned': {
      if (state.status !== 'SELLING') throw impossible(state, event);
      const { lock, approved } = state;
      return { ...core, lines: openHeld(lines), status: 'PHARMACIST_APPROVED', lock, approved };
    }
    // Lock, review and quote are per visit: what is left goes back into circulation.
    case 'SaleCompleted':
      return {
        ...core,
        lines: sellHeld(lines),
        awaitingHandOver: [...core.awaitingHandOver, event.saleId],
        status: event.usedUp ? 'SETTLED' : 'CIRCULATING',
      };
    case 'HandedOver': {
      const awaitingHandOver = without(core.awaitingHandOver, event.saleId);
      const next = { ...state, awaitingHandOver };
      const isLast = awaitingHandOver.length === 0 && core.reversing.length === 0;
      return next.status === 'SETTLED' && isLast ? { ...next, status: 'HANDED_OVER' } : next;
    }
    case 'SaleReversing': {
      const awaitingHandOver = without(core.awaitingHandOver, event.saleId);
      return { ...state, awaitingHandOver, reversing: [...core.reversing, event.saleId] };
    }
    case 'SaleReversed': {
      const reversing = without(core.reversing, event.saleId);
      const next = { ...state, reversing, lines: reopenSold(lines, event.lines) };
      return next.status === 'SETTLED' ? { ...next, status: 'CIRCULATING' } : next;
    }
    case 'WithdrawalRequested':
      return { ...state, withdrawal: { reason: event.reason, at: event.at } };
    case 'PrescriptionWithdrawn': {
      const withdrawal = core.withdrawal ?? { reason: event.reason, at: event.at };
      return { ...ended(core, event), status: 'WITHDRAWN', lines: closeOpen(lines, 'withdrawn'), withdrawal };
    }
    case 'PrescriptionExpired':
      return { ...ended(core, event), status: 'EXPIRED', lines: closeOpen(lines, 'expired') };
    case 'HoldRequested':
      return { ...state, hold: { reason: event.reason, at: event.at } };
    case 'PrescriptionHeld':
      return { ...ended(core, event), status: 'ON_HOLD', hold: { reason: event.reason, at: event.at } };
    case 'PrescriptionResumed':
      return { ...core, status: 'CIRCULATING', signerId: event.doctorId, hold: undefined };
  }
}

export const TIMED_OUT = 'TIMED_OUT';

/** What a state keeps when its phase ends. */
export function coreOf(state: Prescription): Core {
  const { validUntil, lines, awaitingHandOver, reversing, signerId, withdrawal, hold, endedLockOf } = state;
  return { validUntil, lines, awaitingHandOver, reversing, signerId, withdrawal, hold, endedLockOf };
}

/** The pharmacy whose lock an event ends is remembered; one that ends none leaves an earlier one in mind. */
function ended(core: Core, { pharmacyId }: { pharmacyId: string }): Core {
  return { ...core, endedLockOf: pharmacyId === '' ? core.endedLockOf : pharmacyId };
}

function without(saleIds: readonly string[], saleId: string): string[] {
  return saleIds.filter((each) => each !== saleId);
}

function lockOf(state: Prescription, event: Event): Lock {
  if (!('lock' in state)) throw impossible(state, event);
  return state.lock;
}

function impossible(state: Prescription, event: Event): Error {
  return new Error(`${event.type} cannot have happened to a ${state.status} prescription`);
}

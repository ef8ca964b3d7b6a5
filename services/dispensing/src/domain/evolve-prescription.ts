import type { Event, Lock, Prescription } from './prescription.ts';
import { hold, openHeld, sellHeld } from './quantities.ts';

/** The prescription after an event that was decided about it. Throws for an event that cannot have been. */
export function evolve(state: Prescription, event: Event): Prescription {
  const { validUntil, lines, awaitingHandOver } = state;
  const core = { validUntil, lines, awaitingHandOver };
  switch (event.type) {
    case 'PrescriptionLocked': {
      const { lockId, pharmacyId, personId, until } = event;
      return { ...core, status: 'LOCKED', lock: { lockId, pharmacyId, personId, until, historyViewed: undefined } };
    }
    case 'LockReleased':
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
        awaitingHandOver: [...awaitingHandOver, event.saleId],
        status: event.usedUp ? 'SETTLED' : 'CIRCULATING',
      };
    case 'HandedOver': {
      const left = awaitingHandOver.filter((saleId) => saleId !== event.saleId);
      const next = { ...state, awaitingHandOver: left };
      return next.status === 'SETTLED' && left.length === 0 ? { ...next, status: 'HANDED_OVER' } : next;
    }
  }
}

function lockOf(state: Prescription, event: Event): Lock {
  if (!('lock' in state)) throw impossible(state, event);
  return state.lock;
}

function impossible(state: Prescription, event: Event): Error {
  return new Error(`${event.type} cannot have happened to a ${state.status} prescription`);
}

// Withdrawal (撤方), hold (暂停), resumption and the clock: what happens to a prescription without any pharmacy asking.
// Never in the middle of a sale: what comes then is kept, and carried out where the sale ends.
import { TIMED_OUT } from './evolve-prescription.ts';
import { isExpired } from './hindrances.ts';
import type { Command, Event, Prescription } from './prescription.ts';
import { openOf } from './quantities.ts';

type OfCirculation = Extract<Command, { type: 'Withdraw' | 'Hold' | 'Resume' | 'PassTime' }>;

export function isOfCirculation(command: Command): command is OfCirculation {
  return ['Withdraw', 'Hold', 'Resume', 'PassTime'].includes(command.type);
}

/** Nothing for a repeat, or when there is nothing left that it could touch. */
export function decideCirculation(state: Prescription, command: OfCirculation): Event[] {
  const { at } = command;
  switch (command.type) {
    case 'Withdraw': {
      if (state.withdrawal !== undefined) return [];
      const { reason } = command;
      return waits(state) ? [{ type: 'WithdrawalRequested', reason, at }] : [withdrawn(state, reason, at)];
    }
    case 'Hold': {
      if (state.hold !== undefined || isOver(state)) return [];
      const { reason } = command;
      return waits(state) ? [{ type: 'HoldRequested', reason, at }] : [held(state, reason, at)];
    }
    case 'Resume':
      return [{ type: 'PrescriptionResumed', doctorId: command.doctorId, evidence: command.evidence }];
    case 'PassTime':
      return waits(state) || isOver(state) || !isExpired(state, at) ? [] : [expired(state)];
  }
}

/**
 * What may happen now that no sale is in flight any more. A withdrawal on record goes first; quantities that a reversal
 * opens again share the end of a prescription that has ended meanwhile.
 */
export function whatWaited(state: Prescription, at: Date): Event[] {
  if (state.status === 'SELLING' || openOf(state.lines).length === 0) return [];
  if (state.withdrawal !== undefined) return [withdrawn(state, state.withdrawal.reason, state.withdrawal.at)];
  if (state.status === 'EXPIRED' || isExpired(state, at)) return [expired(state)];
  if (state.hold === undefined || state.status === 'ON_HOLD') return [];
  return [held(state, state.hold.reason, state.hold.at)];
}

/** The stored lock that time has ended, told before anything else happens. */
export function timedOut(stored: Prescription, state: Prescription): Event[] {
  if (stored === state || !('lock' in stored)) return [];
  const { lockId, pharmacyId } = stored.lock;
  return [{ type: 'LockReleased', lockId, pharmacyId, reason: TIMED_OUT }];
}

/** A sale is in flight, or everything is sold: only its end, or a reversal, can leave something open. */
function waits({ status }: Prescription): boolean {
  return status === 'SELLING' || status === 'SETTLED';
}

function isOver({ status }: Prescription): boolean {
  return status === 'HANDED_OVER' || status === 'WITHDRAWN' || status === 'EXPIRED';
}

function withdrawn(state: Prescription, reason: string, at: Date): Event {
  return { type: 'PrescriptionWithdrawn', reason, at, lines: openOf(state.lines), pharmacyId: lockedBy(state) };
}

function expired(state: Prescription): Event {
  return { type: 'PrescriptionExpired', lines: openOf(state.lines), pharmacyId: lockedBy(state) };
}

function held(state: Prescription, reason: string, at: Date): Event {
  return { type: 'PrescriptionHeld', reason, at, doctorId: state.signerId, pharmacyId: lockedBy(state) };
}

/** Pharmacy whose lock ends by it. */
function lockedBy(state: Prescription): string {
  return 'lock' in state ? state.lock.pharmacyId : '';
}

import { type Refused, refuse } from '@erx/errors';
import { decideCirculation, isOfCirculation, timedOut, whatWaited } from './decide-circulation.ts';
import { evolve } from './evolve-prescription.ts';
import { hindrance, invalid, withoutOverdueLock } from './hindrances.ts';
import type { Command, Event, Facts, Lock, Prescription } from './prescription.ts';
import { isUsedUp, quantityProblems } from './quantities.ts';

type Decision = { events: Event[] } | Refused;

/** What happens when this is asked of the prescription now: events, or why not. Looks at the clock in the command only. */
export function decide(stored: Prescription, command: Command, facts: Facts): Decision {
  const state = withoutOverdueLock(stored, command.at);
  const hindered = hindrance(state, command);
  if (hindered !== undefined) return hindered;
  if (isOfCirculation(command)) {
    const events = decideCirculation(state, command);
    return { events: events.length > 0 || command.type === 'PassTime' ? [...timedOut(stored, state), ...events] : [] };
  }
  switch (command.type) {
    case 'Lock': {
      const { lockId, pharmacyId, personId, until } = command;
      const locked: Event = { type: 'PrescriptionLocked', lockId, pharmacyId, personId, until };
      return { events: [...timedOut(stored, state), locked] };
    }
    case 'HandOver': {
      const { saleId, pharmacyId, receipt } = command;
      if (!state.awaitingHandOver.includes(saleId)) return invalid(state, command);
      return { events: [{ type: 'HandedOver', saleId, pharmacyId, receipt }] };
    }
    case 'BeginReversal': {
      const { saleId, pharmacyId, reason, leftCounter } = command;
      if (!state.awaitingHandOver.includes(saleId)) return invalid(state, command);
      return { events: [{ type: 'SaleReversing', saleId, pharmacyId, reason, leftCounter }] };
    }
    case 'CompleteReversal': {
      const { saleId, pharmacyId, settlementId, lines } = command;
      if (!state.reversing.includes(saleId)) return invalid(state, command);
      return andWhatWaited(stored, { type: 'SaleReversed', saleId, pharmacyId, settlementId, lines }, command);
    }
    default:
      return 'lock' in state ? decideUnderLock(state, state.lock, command, facts) : invalid(state, command);
  }
}

type Locked = Extract<Prescription, { lock: Lock }>;
type UnderLock = Extract<
  Command,
  {
    type: 'ReleaseLock' | 'ViewHistory' | 'Approve' | 'RefuseByPharmacist' | 'BeginSale' | 'CommitSale' | 'AbandonSale';
  }
>;

function decideUnderLock(state: Locked, lock: Lock, command: UnderLock, facts: Facts): Decision {
  const { lockId } = lock;
  const { pharmacyId, at } = command;
  switch (command.type) {
    case 'ReleaseLock':
      return { events: [{ type: 'LockReleased', lockId, pharmacyId, reason: command.reason }] };
    case 'ViewHistory':
      return { events: [{ type: 'HistoryViewed', lockId, pharmacistId: command.pharmacistId, at }] };
    case 'Approve': {
      const { pharmacistId, evidence } = command;
      if (unread(lock, pharmacistId, facts)) return refuse('HISTORY_NOT_VIEWED');
      return { events: [{ type: 'PharmacistApproved', lockId, pharmacistId, at, evidence }] };
    }
    case 'RefuseByPharmacist': {
      const { pharmacistId, reason, evidence } = command;
      if (unread(lock, pharmacistId, facts)) return refuse('HISTORY_NOT_VIEWED');
      return { events: [{ type: 'PharmacistRefused', lockId, pharmacistId, reason, evidence }] };
    }
    case 'BeginSale': {
      const { saleId, lines } = command;
      const problems = quantityProblems(state.lines, lines);
      if (problems.length > 0) return { refused: problems };
      return { events: [{ type: 'SaleStarted', saleId, pharmacyId, lines }] };
    }
    case 'CommitSale': {
      const { saleId, sale } = command;
      if (!isInFlight(state, saleId)) return invalid(state, command);
      // What is held goes; what is open decides whether anything is left.
      const usedUp = isUsedUp(state.lines.map((line) => ({ ...line, held: 0n })));
      return andWhatWaited(state, { type: 'SaleCompleted', saleId, pharmacyId, usedUp, sale }, command);
    }
    case 'AbandonSale': {
      const { saleId, refusals } = command;
      if (!isInFlight(state, saleId)) return invalid(state, command);
      return andWhatWaited(state, { type: 'SaleAbandoned', saleId, pharmacyId, refusals }, command);
    }
  }
}

/** An event that ends a sale or a reversal, and what has waited for it. */
function andWhatWaited(state: Prescription, event: Event, { at }: Command): { events: Event[] } {
  return { events: [event, ...whatWaited(evolve(state, event), at)] };
}

/** HB-28b: only what this pharmacist read under this lock counts. */
function unread({ historyViewed }: Lock, pharmacistId: string, { historyViewRequired }: Facts): boolean {
  return historyViewRequired && historyViewed?.by !== pharmacistId;
}

function isInFlight(state: Prescription, saleId: string): boolean {
  return state.status === 'SELLING' && state.saleId === saleId;
}

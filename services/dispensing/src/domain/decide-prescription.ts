import { type Refused, refuse } from '@erx/errors';
import { hindrance, invalid, withoutOverdueLock } from './hindrances.ts';
import type { Command, Event, Facts, Lock, Prescription } from './prescription.ts';
import { isUsedUp, quantityProblems } from './quantities.ts';

/** What happens when this is asked of the prescription now: events, or why not. Looks at the clock in the command only. */
export function decide(stored: Prescription, command: Command, facts: Facts): { events: Event[] } | Refused {
  const state = withoutOverdueLock(stored, command.at);
  const hindered = hindrance(state, command);
  if (hindered !== undefined) return hindered;
  if (command.type === 'Lock') {
    const { lockId, pharmacyId, personId, until } = command;
    return {
      events: [...timedOut(stored, state), { type: 'PrescriptionLocked', lockId, pharmacyId, personId, until }],
    };
  }
  if (command.type === 'HandOver') return handOver(state, command);
  if (!('lock' in state)) return invalid(state, command);
  return decideUnderLock(state, state.lock, command, facts);
}

type Locked = Extract<Prescription, { lock: Lock }>;
type UnderLock = Exclude<Command, { type: 'Lock' | 'HandOver' }>;

function decideUnderLock(state: Locked, lock: Lock, command: UnderLock, facts: Facts): { events: Event[] } | Refused {
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
      if (!isInFlight(state, command.saleId)) return invalid(state, command);
      // What is held goes; what is open decides whether anything is left.
      const usedUp = isUsedUp(state.lines.map((line) => ({ ...line, held: 0n })));
      return { events: [{ type: 'SaleCompleted', saleId: command.saleId, pharmacyId, usedUp, sale: command.sale }] };
    }
    case 'AbandonSale': {
      const { saleId, refusals } = command;
      if (!isInFlight(state, saleId)) return invalid(state, command);
      return { events: [{ type: 'SaleAbandoned', saleId, pharmacyId, refusals }] };
    }
  }
}

/** HB-28b: only what this pharmacist read under this lock counts. */
function unread({ historyViewed }: Lock, pharmacistId: string, { historyViewRequired }: Facts): boolean {
  return historyViewRequired && historyViewed?.by !== pharmacistId;
}

function isInFlight(state: Prescription, saleId: string): boolean {
  return state.status === 'SELLING' && state.saleId === saleId;
}

function handOver(state: Prescription, command: Extract<Command, { type: 'HandOver' }>) {
  const { saleId, pharmacyId, receipt } = command;
  if (!state.awaitingHandOver.includes(saleId)) return invalid(state, command);
  return { events: [{ type: 'HandedOver', saleId, pharmacyId, receipt } satisfies Event] };
}

/** The stored lock that time has ended, told before the next one begins. */
function timedOut(stored: Prescription, state: Prescription): Event[] {
  if (stored === state || !('lock' in stored)) return [];
  const { lockId, pharmacyId } = stored.lock;
  return [{ type: 'LockReleased', lockId, pharmacyId, reason: 'TIMED_OUT' }];
}

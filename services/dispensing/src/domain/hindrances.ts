import { type Refused, refuse } from '@erx/errors';
import { formatInstant } from '@erx/values';
import { coreOf } from './evolve-prescription.ts';
import type { Cause, Command, CommandType, Prescription } from './prescription.ts';
import { isAllowed } from './prescription-transitions.ts';

/** Parts of a visit at a counter; a sale in flight, its hand-over and its reversal go on whatever happens around them. */
const visit: ReadonlySet<CommandType> = new Set([
  'Lock',
  'ReleaseLock',
  'ViewHistory',
  'Approve',
  'RefuseByPharmacist',
  'BeginSale',
]);
/** Giving a prescription back needs no valid one. */
const needsValidity: ReadonlySet<CommandType> = new Set(['Lock', 'ViewHistory', 'Approve', 'BeginSale']);

/** A lock past its end counts as free (SM-4, 24 h), even while no sweep has written so. */
export function withoutOverdueLock(state: Prescription, at: Date): Prescription {
  if (state.status !== 'LOCKED' && state.status !== 'PHARMACIST_APPROVED') return state;
  if (at < state.lock.until) return state;
  return { ...coreOf(state), endedLockOf: state.lock.pharmacyId, status: 'CIRCULATING' };
}

/** `valid_until` itself is over. */
export function isExpired({ validUntil }: Pick<Prescription, 'validUntil'>, at: Date): boolean {
  return at >= validUntil;
}

/** Why the state does not allow the command, most telling reason first; undefined when it does. */
export function hindrance(state: Prescription, command: Command): Refused | undefined {
  const { type, at, pharmacyId } = command;
  if (visit.has(type)) {
    const over = overProblem(state, at, needsValidity.has(type));
    if (over !== undefined) return over;
    if ('lock' in state && state.lock.pharmacyId !== pharmacyId) {
      return refuse('PRESCRIPTION_LOCKED_BY_OTHER', { lockedUntil: formatInstant(state.lock.until) });
    }
  }
  if (type === 'Withdraw' || type === 'Resume') {
    const over = endedProblem(state, at);
    if (over !== undefined) return over;
    if (type === 'Resume' && state.status === 'WITHDRAWN') return withdrawn(state);
  }
  if (isAllowed(state.status, type)) return undefined;
  if (type === 'BeginSale' && state.status === 'LOCKED') return refuse('PHARMACIST_REVIEW_MISSING');
  return invalid(state, command);
}

/** GX-3b, CX-28c, HB-22-0: why nothing can be sold of it, for a counter or a search. A sale in flight is not asked. */
export function overProblem(state: Prescription, at: Date, needsValid = true): Refused | undefined {
  switch (state.status) {
    case 'SETTLED':
    case 'HANDED_OVER':
      return refuse('PRESCRIPTION_ALREADY_USED');
    case 'WITHDRAWN':
      return withdrawn(state);
    case 'EXPIRED':
      return expired(state);
    case 'ON_HOLD':
      return isExpired(state, at) ? expired(state) : refuse('PRESCRIPTION_ON_HOLD', figures(state.hold));
    case 'SELLING':
      return undefined;
    default:
      return needsValid && isExpired(state, at) ? expired(state) : undefined;
  }
}

/** Why the hospital cannot change anything any more. One that is withdrawn may be withdrawn again: nothing happens. */
function endedProblem(state: Prescription, at: Date): Refused | undefined {
  switch (state.status) {
    case 'HANDED_OVER':
      return refuse('PRESCRIPTION_ALREADY_USED');
    // A reversal in flight will open something again.
    case 'SETTLED':
      return state.reversing.length === 0 ? refuse('PRESCRIPTION_ALREADY_USED') : undefined;
    case 'EXPIRED':
      return expired(state);
    case 'SELLING':
    case 'WITHDRAWN':
      return undefined;
    default:
      return isExpired(state, at) ? expired(state) : undefined;
  }
}

function withdrawn({ withdrawal }: Prescription): Refused {
  return refuse('PRESCRIPTION_WITHDRAWN', figures(withdrawal));
}

function expired({ validUntil }: Prescription): Refused {
  return refuse('PRESCRIPTION_EXPIRED', { validUntil: formatInstant(validUntil) });
}

function figures(cause: Cause | undefined): Record<string, string> {
  return cause === undefined ? {} : { reason: cause.reason, since: formatInstant(cause.at) };
}

export function invalid(state: Prescription, command: Command): Refused {
  return refuse('INVALID_STATE_TRANSITION', { state: state.status, command: command.type });
}

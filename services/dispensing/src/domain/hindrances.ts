import { type Refused, refuse } from '@erx/errors';
import { formatInstant } from '@erx/values';
import type { Command, CommandType, Prescription } from './prescription.ts';
import { isAllowed } from './prescription-transitions.ts';

/** Parts of a visit at a counter; a sale in flight and its hand-over go on whatever happens around them. */
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
  const { validUntil, lines, awaitingHandOver } = state;
  return { status: 'CIRCULATING', validUntil, lines, awaitingHandOver };
}

/** `valid_until` itself is over. */
export function isExpired(state: Prescription, at: Date): boolean {
  return at >= state.validUntil;
}

/** Why the state does not allow the command, most telling reason first; undefined when it does. */
export function hindrance(state: Prescription, command: Command): Refused | undefined {
  const { type, at, pharmacyId } = command;
  if (visit.has(type)) {
    if (state.status === 'SETTLED' || state.status === 'HANDED_OVER') return refuse('PRESCRIPTION_ALREADY_USED');
    if (needsValidity.has(type) && isExpired(state, at)) {
      return refuse('PRESCRIPTION_EXPIRED', { validUntil: formatInstant(state.validUntil) });
    }
    if ('lock' in state && state.lock.pharmacyId !== pharmacyId) {
      return refuse('PRESCRIPTION_LOCKED_BY_OTHER', { lockedUntil: formatInstant(state.lock.until) });
    }
  }
  if (isAllowed(state.status, type)) return undefined;
  if (type === 'BeginSale' && state.status === 'LOCKED') return refuse('PHARMACIST_REVIEW_MISSING');
  return invalid(state, command);
}

export function invalid(state: Prescription, command: Command): Refused {
  return refuse('INVALID_STATE_TRANSITION', { state: state.status, command: command.type });
}

import type { Command, OnTheWay, Prescription } from './prescription.ts';

type Transition = { from: Prescription['state']; command: Command['type']; to: Prescription['state'] };
type State = OnTheWay['state'];

const taken = ['LOCKED', 'PHARMACIST_APPROVED'] as const satisfies readonly State[];
const unsold = ['CIRCULATING', ...taken] as const satisfies readonly State[];
/** Wherever packages of a sale may wait at the pharmacy. */
const waiting = [...unsold, 'SETTLED', 'ON_HOLD', 'WITHDRAWN', 'EXPIRED'] as const satisfies readonly State[];

const lead = (states: readonly State[], command: Command['type'], to: State): Transition[] =>
  states.map((from) => ({ from, command, to }));
const stay = (states: readonly State[], command: Command['type']): Transition[] =>
  states.map((state) => ({ from: state, command, to: state }));

/**
 * SM-4: which command is allowed in which state. Up to CIRCULATING the hospital commands (one upload is Sign, Review,
 * Consent and Circulate); afterwards a command is what dispensing reports. A lock that ran out may be followed by the
 * next lock or by its release; a sale leaves a rest in circulation or uses the prescription up; part of it may be handed
 * over, or taken back, while the rest goes on or has ended. What a reversal opens again in one that has ended shares its end.
 */
export const transitions: readonly Transition[] = [
  { from: 'NONE', command: 'Precheck', to: 'PRECHECKED' },
  { from: 'PRECHECKED', command: 'Sign', to: 'SIGNED' },
  { from: 'SIGNED', command: 'Review', to: 'REVIEWED' },
  { from: 'REVIEWED', command: 'Consent', to: 'CONSENTED' },
  { from: 'REVIEWED', command: 'Circulate', to: 'CIRCULATING' },
  { from: 'CONSENTED', command: 'Circulate', to: 'CIRCULATING' },
  ...lead(unsold, 'Lock', 'LOCKED'),
  ...lead(unsold, 'Release', 'CIRCULATING'),
  ...lead(taken, 'Approve', 'PHARMACIST_APPROVED'),
  ...lead(taken, 'Refuse', 'CIRCULATING'),
  { from: 'PHARMACIST_APPROVED', command: 'Sell', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'Sell', to: 'SETTLED' },
  ...stay(waiting, 'HandOver'),
  { from: 'SETTLED', command: 'HandOver', to: 'HANDED_OVER' },
  ...stay(['PHARMACIST_APPROVED', 'SETTLED'], 'RequestWithdrawal'),
  ...lead([...unsold, 'ON_HOLD', 'WITHDRAWN'], 'Withdraw', 'WITHDRAWN'),
  ...lead([...unsold, 'ON_HOLD', 'EXPIRED'], 'Expire', 'EXPIRED'),
  ...lead(unsold, 'Hold', 'ON_HOLD'),
  { from: 'ON_HOLD', command: 'Resume', to: 'CIRCULATING' },
  ...stay(waiting, 'BeginReversal'),
  ...stay(
    waiting.filter((state) => state !== 'SETTLED'),
    'CompleteReversal',
  ),
  { from: 'SETTLED', command: 'CompleteReversal', to: 'CIRCULATING' },
];

export function isAllowed(from: Prescription['state'], command: Command['type']): boolean {
  return transitions.some((transition) => transition.from === from && transition.command === command);
}

import type { CommandType, Status } from './prescription.ts';

/** Wherever packs may wait for their hand-over. */
const sold = [
  'CIRCULATING',
  'LOCKED',
  'PHARMACIST_APPROVED',
  'SELLING',
  'ON_HOLD',
  'SETTLED',
  'WITHDRAWN',
  'EXPIRED',
] as const satisfies readonly Status[];
const taken = ['LOCKED', 'PHARMACIST_APPROVED'] as const satisfies readonly Status[];
const unsold = ['CIRCULATING', ...taken] as const satisfies readonly Status[];
const over = ['HANDED_OVER', 'WITHDRAWN', 'EXPIRED'] as const satisfies readonly Status[];

type Transition = { from: Status; command: CommandType; to: Status };

const stay = (states: readonly Status[], command: CommandType): Transition[] =>
  states.map((state) => ({ from: state, command, to: state }));
const lead = (states: readonly Status[], command: CommandType, to: Status): Transition[] =>
  states.map((from) => ({ from, command, to }));

/**
 * Which command is allowed in which state (SM-4). A lock past its end counts as CIRCULATING. Where a sale or a reversal
 * ends, what has waited for it (withdrawal, expiry, hold) happens at once.
 */
export const prescriptionTransitions: readonly Transition[] = [
  { from: 'CIRCULATING', command: 'Lock', to: 'LOCKED' },
  ...lead(taken, 'ReleaseLock', 'CIRCULATING'),
  ...stay(taken, 'ViewHistory'),
  { from: 'LOCKED', command: 'Approve', to: 'PHARMACIST_APPROVED' },
  { from: 'LOCKED', command: 'RefuseByPharmacist', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'BeginSale', to: 'SELLING' },
  ...(['PHARMACIST_APPROVED', 'WITHDRAWN', 'ON_HOLD', 'EXPIRED'] as const).flatMap((to) =>
    lead(['SELLING'], 'AbandonSale', to),
  ),
  ...(['CIRCULATING', 'SETTLED', 'WITHDRAWN', 'ON_HOLD', 'EXPIRED'] as const).flatMap((to) =>
    lead(['SELLING'], 'CommitSale', to),
  ),
  ...stay(sold, 'HandOver'),
  { from: 'SETTLED', command: 'HandOver', to: 'HANDED_OVER' },
  ...stay(sold, 'BeginReversal'),
  ...stay(
    sold.filter((state) => state !== 'SETTLED'),
    'CompleteReversal',
  ),
  ...(['CIRCULATING', 'WITHDRAWN', 'ON_HOLD', 'EXPIRED'] as const).flatMap((to) =>
    lead(['SETTLED'], 'CompleteReversal', to),
  ),
  ...lead([...unsold, 'ON_HOLD'], 'Withdraw', 'WITHDRAWN'),
  ...stay(['SELLING', 'SETTLED', 'WITHDRAWN'], 'Withdraw'),
  ...lead(unsold, 'Hold', 'ON_HOLD'),
  ...stay(['SELLING', 'ON_HOLD', 'SETTLED', ...over], 'Hold'),
  { from: 'ON_HOLD', command: 'Resume', to: 'CIRCULATING' },
  ...lead(taken, 'PassTime', 'CIRCULATING'),
  ...lead([...unsold, 'ON_HOLD'], 'PassTime', 'EXPIRED'),
  ...stay([...unsold, 'ON_HOLD', 'SELLING', 'SETTLED', ...over], 'PassTime'),
];

export function isAllowed(status: Status, command: CommandType): boolean {
  return prescriptionTransitions.some(({ from, command: type }) => from === status && type === command);
}

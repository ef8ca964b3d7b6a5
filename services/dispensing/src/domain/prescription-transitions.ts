import type { CommandType, Status } from './prescription.ts';

/** Which command is allowed in which state (SM-4). A lock past its end counts as CIRCULATING. */
export const prescriptionTransitions = [
  { from: 'CIRCULATING', command: 'Lock', to: 'LOCKED' },
  { from: 'LOCKED', command: 'ReleaseLock', to: 'CIRCULATING' },
  { from: 'LOCKED', command: 'ViewHistory', to: 'LOCKED' },
  { from: 'LOCKED', command: 'Approve', to: 'PHARMACIST_APPROVED' },
  { from: 'LOCKED', command: 'RefuseByPharmacist', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'ReleaseLock', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'ViewHistory', to: 'PHARMACIST_APPROVED' },
  { from: 'PHARMACIST_APPROVED', command: 'BeginSale', to: 'SELLING' },
  { from: 'SELLING', command: 'AbandonSale', to: 'PHARMACIST_APPROVED' },
  { from: 'SELLING', command: 'CommitSale', to: 'CIRCULATING' },
  { from: 'SELLING', command: 'CommitSale', to: 'SETTLED' },
  { from: 'CIRCULATING', command: 'HandOver', to: 'CIRCULATING' },
  { from: 'LOCKED', command: 'HandOver', to: 'LOCKED' },
  { from: 'PHARMACIST_APPROVED', command: 'HandOver', to: 'PHARMACIST_APPROVED' },
  { from: 'SELLING', command: 'HandOver', to: 'SELLING' },
  { from: 'SETTLED', command: 'HandOver', to: 'SETTLED' },
  { from: 'SETTLED', command: 'HandOver', to: 'HANDED_OVER' },
] as const satisfies readonly { from: Status; command: CommandType; to: Status }[];

export function isAllowed(status: Status, command: CommandType): boolean {
  return prescriptionTransitions.some(({ from, command: type }) => from === status && type === command);
}

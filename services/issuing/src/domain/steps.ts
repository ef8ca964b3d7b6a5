import type { PrescriptionEvent } from './prescription.ts';

/** One line of the history that the hospital reads. `signer` stands for the operator where a person signed. */
type StepName =
  | 'PRECHECKED'
  | 'SIGNED'
  | 'REVIEWED'
  | 'CONSENTED'
  | 'CIRCULATING'
  | 'LOCKED'
  | 'LOCK_RELEASED'
  | 'PHARMACIST_APPROVED'
  | 'PHARMACIST_REFUSED'
  | 'DISPENSED'
  | 'SETTLED'
  | 'HANDED_OVER'
  | 'WITHDRAWAL_REQUESTED'
  | 'WITHDRAWN'
  | 'EXPIRED'
  | 'ON_HOLD'
  | 'RESUMED'
  | 'SALE_REVERSING'
  | 'SALE_REVERSED';

export type Step = { name: StepName; signer?: string; reason?: string };

/** The steps of SM-4 that an event stands for: a completed sale is two of them. */
export function stepsOf(event: PrescriptionEvent): Step[] {
  switch (event.type) {
    case 'Prechecked':
      return [{ name: 'PRECHECKED' }];
    case 'Signed':
      return [{ name: 'SIGNED', signer: event.signer }];
    case 'Reviewed':
      return [{ name: 'REVIEWED', signer: event.signer }];
    case 'Consented':
      return [{ name: 'CONSENTED' }];
    case 'Circulated':
      return [{ name: 'CIRCULATING' }];
    case 'Locked':
      return [{ name: 'LOCKED' }];
    case 'LockReleased':
      return [{ name: 'LOCK_RELEASED', reason: event.reason }];
    case 'PharmacistApproved':
      return [{ name: 'PHARMACIST_APPROVED', signer: event.signer }];
    case 'PharmacistRefused':
      return [{ name: 'PHARMACIST_REFUSED', signer: event.signer, reason: event.reason }];
    case 'Sold':
      return [{ name: 'DISPENSED' }, { name: 'SETTLED' }];
    case 'HandedOver':
      return [{ name: 'HANDED_OVER' }];
    case 'WithdrawalRequested':
      return [{ name: 'WITHDRAWAL_REQUESTED', reason: event.reason }];
    case 'Withdrawn':
      return [{ name: 'WITHDRAWN', reason: event.reason }];
    case 'Expired':
      return [{ name: 'EXPIRED' }];
    case 'Held':
      return [{ name: 'ON_HOLD', reason: event.reason }];
    case 'Resumed':
      return [{ name: 'RESUMED', signer: event.signer }];
    case 'SaleReversing':
      return [{ name: 'SALE_REVERSING', reason: event.reason }];
    case 'SaleReversed':
      return [{ name: 'SALE_REVERSED' }];
  }
}

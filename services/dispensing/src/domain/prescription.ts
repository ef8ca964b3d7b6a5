// A prescription after CIRCULATING (SM-4): what it is, what can be asked of it, what can happen to it. Pure.
import type { Refusal } from '@erx/errors';
import type { LineQuantity, SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';

/** Quantities of one line in 10⁻⁴ packs; open + held + sold + withdrawn + expired = prescribed. */
export type Line = {
  lineNo: number;
  prescribed: bigint;
  open: bigint;
  held: bigint;
  sold: bigint;
  withdrawn: bigint;
  expired: bigint;
};

/** Pharmacist and business time. */
type Act = { by: string; at: Date };

/** Why, and since when (business time). */
export type Cause = { reason: string; at: Date };

/** One pharmacy's exclusive hold (接单) until an instant of business time, which does not count any more. */
export type Lock = {
  lockId: string;
  pharmacyId: string;
  personId: string;
  until: Date;
  /** Newest look at the patient's history under this lock. */
  historyViewed: Act | undefined;
};

/** What holds whatever the phase. */
export type Core = {
  validUntil: Date;
  lines: readonly Line[];
  /** Completed sales whose packs are still in the pharmacy. */
  awaitingHandOver: readonly string[];
  /** Sales that are being taken back (冲正). */
  reversing: readonly string[];
  /** Doctor whose signature it circulates under: who wrote it, or who endorsed it later. */
  signerId: string;
  /** Asked for by the hospital (撤方): carried out, or waiting for a sale or reversal to end. */
  withdrawal: Cause | undefined;
  /** The signer is not admitted any more: on hold for it, or waiting likewise. */
  hold: Cause | undefined;
  /** Pharmacy whose lock was ended by others since nobody has locked it anew: it is told why. Empty: none. */
  endedLockOf: string;
};

type Phase =
  | { status: 'CIRCULATING' }
  | { status: 'LOCKED'; lock: Lock }
  | { status: 'PHARMACIST_APPROVED'; lock: Lock; approved: Act }
  | { status: 'SELLING'; lock: Lock; approved: Act; saleId: string }
  /** Its signer is not admitted any more (暂停). */
  | { status: 'ON_HOLD' }
  /** Used up: everything is sold. */
  | { status: 'SETTLED' }
  /** Used up, and every sale is in the patient's hands. */
  | { status: 'HANDED_OVER' }
  /** Nothing is open any more; what was sold stays sold, and may still be handed over. */
  | { status: 'WITHDRAWN' }
  | { status: 'EXPIRED' };

export type Prescription = Core & Phase;

export type Status = Prescription['status'];

type VisitCommand =
  | { type: 'Lock'; lockId: string; personId: string; until: Date }
  | { type: 'ReleaseLock'; reason: string }
  | { type: 'ViewHistory'; pharmacistId: string }
  | { type: 'Approve'; pharmacistId: string; evidence: Evidence | undefined }
  | { type: 'RefuseByPharmacist'; pharmacistId: string; reason: string; evidence: Evidence | undefined }
  | { type: 'BeginSale'; saleId: string; lines: readonly SaleLine[] };

type SaleCommand =
  | { type: 'CommitSale'; saleId: string; sale: CompletedSale }
  | { type: 'AbandonSale'; saleId: string; refusals: readonly Refusal[] }
  | { type: 'HandOver'; saleId: string; receipt: Receipt }
  | { type: 'BeginReversal'; saleId: string; reason: string; leftCounter: readonly string[] }
  | { type: 'CompleteReversal'; saleId: string; settlementId: string; lines: readonly SaleLine[] };

/** Of the hospital, of registry's facts and of the clock: no pharmacy asks. */
type CirculationCommand =
  | { type: 'Withdraw'; reason: string }
  | { type: 'Hold'; reason: string }
  | { type: 'Resume'; doctorId: string; evidence: Evidence | undefined }
  /** The clock alone: a lock or the validity may be over. */
  | { type: 'PassTime' };

/** `pharmacyId`: who asks, empty when it is no pharmacy; `at`: business time. */
export type Command = (VisitCommand | SaleCommand | CirculationCommand) & { pharmacyId: string; at: Date };
export type CommandType = Command['type'];

type CompletedSale = {
  personId: string;
  settlementId: string;
  lines: readonly SaleLine[];
  amounts: Amounts;
};

/** `agentRelation`: relation of an agent (代办人) to the patient; empty when the patient takes the packs. */
export type Receipt = {
  recipientPersonId: string;
  signatureSealed: Uint8Array;
  listSm3: string;
  agentRelation: string;
};

export type Event =
  | { type: 'PrescriptionLocked'; lockId: string; pharmacyId: string; personId: string; until: Date }
  | { type: 'LockReleased'; lockId: string; pharmacyId: string; reason: string }
  | { type: 'HistoryViewed'; lockId: string; pharmacistId: string; at: Date }
  | { type: 'PharmacistApproved'; lockId: string; pharmacistId: string; at: Date; evidence: Evidence | undefined }
  | {
      type: 'PharmacistRefused';
      lockId: string;
      pharmacistId: string;
      reason: string;
      evidence: Evidence | undefined;
    }
  | { type: 'SaleStarted'; saleId: string; pharmacyId: string; lines: readonly SaleLine[] }
  | { type: 'SaleCompleted'; saleId: string; pharmacyId: string; usedUp: boolean; sale: CompletedSale }
  | { type: 'SaleAbandoned'; saleId: string; pharmacyId: string; refusals: readonly Refusal[] }
  | { type: 'HandedOver'; saleId: string; pharmacyId: string; receipt: Receipt }
  | { type: 'SaleReversing'; saleId: string; pharmacyId: string; reason: string; leftCounter: readonly string[] }
  | { type: 'SaleReversed'; saleId: string; pharmacyId: string; settlementId: string; lines: readonly SaleLine[] }
  | { type: 'WithdrawalRequested'; reason: string; at: Date }
  | ({ type: 'PrescriptionWithdrawn'; reason: string; at: Date } & Ended)
  | ({ type: 'PrescriptionExpired' } & Ended)
  /** Known here only: the contract tells of a hold when it is in force. */
  | { type: 'HoldRequested'; reason: string; at: Date }
  | { type: 'PrescriptionHeld'; reason: string; at: Date; doctorId: string; pharmacyId: string }
  | { type: 'PrescriptionResumed'; doctorId: string; evidence: Evidence | undefined };

/** What was open, and the pharmacy whose lock this ends, if any. */
type Ended = { lines: readonly LineQuantity[]; pharmacyId: string };

/** Facts that a decision needs beside the state. */
export type Facts = {
  /** HB-28b, of the pharmacy's region profile. */
  historyViewRequired: boolean;
};

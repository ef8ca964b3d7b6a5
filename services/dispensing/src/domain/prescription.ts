// A prescription after CIRCULATING (SM-4): what it is, what can be asked of it, what can happen to it. Pure.
import type { Refusal } from '@erx/errors';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
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

/** One pharmacy's exclusive hold (接单) until an instant of business time, which does not count any more. */
export type Lock = {
  lockId: string;
  pharmacyId: string;
  personId: string;
  until: Date;
  /** Newest look at the patient's history under this lock. */
  historyViewed: Act | undefined;
};

type Phase =
  | { status: 'CIRCULATING' }
  | { status: 'LOCKED'; lock: Lock }
  | { status: 'PHARMACIST_APPROVED'; lock: Lock; approved: Act }
  | { status: 'SELLING'; lock: Lock; approved: Act; saleId: string }
  /** Used up: everything is sold. */
  | { status: 'SETTLED' }
  /** Used up, and every sale is in the patient's hands. */
  | { status: 'HANDED_OVER' };

/** `awaitingHandOver`: completed sales whose packs are still in the pharmacy. */
export type Prescription = { validUntil: Date; lines: readonly Line[]; awaitingHandOver: readonly string[] } & Phase;

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
  | { type: 'HandOver'; saleId: string; receipt: Receipt };

/** `pharmacyId`: who asks; `at`: business time. */
export type Command = (VisitCommand | SaleCommand) & { pharmacyId: string; at: Date };
export type CommandType = Command['type'];

type CompletedSale = {
  personId: string;
  settlementId: string;
  lines: readonly SaleLine[];
  amounts: Amounts;
};

export type Receipt = { recipientPersonId: string; signatureSealed: Uint8Array; listSm3: string };

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
  | { type: 'HandedOver'; saleId: string; pharmacyId: string; receipt: Receipt };

/** Facts that a decision needs beside the state. */
export type Facts = {
  /** HB-28b, of the pharmacy's region profile. */
  historyViewRequired: boolean;
};

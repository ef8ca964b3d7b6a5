// SM-4: one prescription, judged and signed here, afterwards as dispensing reports it. Pure.
import type { MedicalPart } from './medical-part.ts';

/** What the pre-check allowed: the upload is measured by it. */
export type Terms = {
  doctorId: string;
  personId: string;
  medicalPart: MedicalPart;
  validUntil: Date;
  /** By the profile at the issue time. */
  consentRequired: boolean;
};

export type OnTheWay = {
  state: 'CIRCULATING' | 'LOCKED' | 'PHARMACIST_APPROVED' | 'SETTLED' | 'ON_HOLD' | 'WITHDRAWN' | 'EXPIRED';
  /** Sales whose packages are still at the pharmacy. */
  awaitingHandOver: readonly string[];
  /** Sales that are being taken back (冲正): nothing of them is handed over any more. */
  reversing: readonly string[];
};

export type Prescription =
  | { state: 'NONE' }
  | { state: 'PRECHECKED' | 'SIGNED' | 'REVIEWED' | 'CONSENTED'; terms: Terms }
  | OnTheWay
  | { state: 'HANDED_OVER' };

/** A proof that verification has checked. `bytesSm3`: SM3 of the signed bytes, lower-case hex. */
export type Proof = { signer: string; bytesSm3: string; result: string };

/** The signed document as verification read it; `medicalPart` is its JSON without the patient. */
type SignedDocument = { personId: string; medicalPart: unknown; sm3: string };

export type Command =
  | { type: 'Precheck'; terms: Terms }
  | { type: 'Sign'; document: SignedDocument; proof: Proof | undefined; at: Date }
  | { type: 'Review'; proof: Proof | undefined }
  | { type: 'Consent'; proof: Proof }
  | { type: 'Circulate' }
  | { type: 'Lock' }
  | { type: 'Release'; reason: string }
  | { type: 'Approve'; signer: string }
  | { type: 'Refuse'; signer: string; reason: string }
  | { type: 'Sell'; saleId: string; usedUp: boolean }
  | { type: 'HandOver'; saleId: string }
  | { type: 'RequestWithdrawal'; reason: string }
  | { type: 'Withdraw'; reason: string }
  | { type: 'Expire' }
  | { type: 'Hold'; reason: string }
  | { type: 'Resume'; signer: string }
  | { type: 'BeginReversal'; saleId: string; reason: string }
  | { type: 'CompleteReversal'; saleId: string };

export type PrescriptionEvent =
  | { type: 'Prechecked'; terms: Terms }
  | { type: 'Signed'; signer: string }
  | { type: 'Reviewed'; signer: string }
  | { type: 'Consented' }
  | { type: 'Circulated' }
  | { type: 'Locked' }
  | { type: 'LockReleased'; reason: string }
  | { type: 'PharmacistApproved'; signer: string }
  | { type: 'PharmacistRefused'; signer: string; reason: string }
  | { type: 'Sold'; saleId: string; usedUp: boolean }
  | { type: 'HandedOver'; saleId: string }
  | { type: 'WithdrawalRequested'; reason: string }
  | { type: 'Withdrawn'; reason: string }
  | { type: 'Expired' }
  | { type: 'Held'; reason: string }
  | { type: 'Resumed'; signer: string }
  | { type: 'SaleReversing'; saleId: string; reason: string }
  | { type: 'SaleReversed'; saleId: string };

import { sign, sm3Hex } from '@erx/gm';
import { formatInstant } from '@erx/values';
import type { Person, Prechecked, Prescribed } from './types.ts';

// What is signed. Every document is UTF-8 JSON, and the signature is over exactly these bytes: they travel as they are.

export type SignedDocument = { bytes: Uint8Array; signature: string };

/** Signs with SM2 (SM3 inside, user id 1234567812345678); Base64 of r‖s. */
export function signed(privateKey: string, content: unknown): SignedDocument {
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, signature: sign(privateKey, bytes) };
}

/** The prescription (电子处方): what was asked at pre-check, with the numbers that it allotted. */
export function prescriptionContent(prescribed: Prescribed, prechecked: Prechecked, hospitalId: string) {
  const { certType, certNo, name } = prescribed.patient;
  return {
    schema: 'erx.prescription.v1',
    prescriptionId: prechecked.prescriptionId,
    hiRxno: prechecked.hiRxno,
    rxTraceCode: prechecked.rxTraceCode,
    patient: { certType, certNo, name },
    hospitalId,
    doctorId: prescribed.doctorId,
    category: prescribed.category,
    prescribedAt: prescribed.prescribedAt,
    validUntil: prechecked.validUntil,
    diagnoses: prescribed.diagnoses,
    lines: prechecked.lines.map(({ lineNo, drugCode, genericName, specification, quantity, days, usage }) => ({
      lineNo,
      drugCode,
      genericName,
      specification,
      quantity,
      days,
      usage,
    })),
  };
}

export type Review = {
  prescriptionId: string;
  hiRxno: string;
  /** SM3 of the prescription's bytes, lower-case hex: what binds the review to that document. */
  prescriptionSm3: string;
  reviewer: string;
  institutionId: string;
  opinion: 'APPROVED' | 'REFUSED';
  reason?: string;
  reviewedAt: Date;
};

/** A pharmacist's review (审方), in hospital and in pharmacy. */
export function reviewContent({ reason = '', reviewedAt, opinion, ...rest }: Review) {
  const result = opinion === 'APPROVED' ? 'PASS' : 'FAIL';
  return {
    schema: 'erx.review.v1',
    ...rest,
    rationalUse: result,
    payment: 'PASS',
    opinion,
    reason,
    reviewedAt: formatInstant(reviewedAt),
  };
}

/** Statement of the identity authority that this person agreed to the outflow of this document (知情同意). */
export function consentContent(documentSm3: string, { certNo }: Person, at: Date) {
  return { schema: 'erx.consent.v1', documentSm3, certNo, statement: 'OUTFLOW_CONSENT', at: formatInstant(at) };
}

export type Endorsement = {
  prescriptionId: string;
  hiRxno: string;
  prescriptionSm3: string;
  doctorId: string;
  hospitalId: string;
  endorsedAt: Date;
};

/** Another doctor stands for a prescription on hold (复核). */
export function endorsementContent({ endorsedAt, ...rest }: Endorsement) {
  return { schema: 'erx.endorsement.v1', ...rest, endorsedAt: formatInstant(endorsedAt) };
}

/** Ties a handwritten signature to a document: SM3 over the hex digits of the document's SM3 and the image's bytes. */
export function imageBinding(documentSm3: string, image: Uint8Array): string {
  return sm3Hex(Buffer.concat([Buffer.from(documentSm3), image]));
}

import { type Refused, refuse } from '@erx/errors';

type Signed = {
  signatureSealed: Uint8Array;
  /** Who signed, and the SM3 of the list that was signed. */
  signaturePersonId: string;
  listSm3: string;
};

/** HB-29b: the patient has signed, and for exactly this sale's purchase list. */
export function receiptProblem(signed: Signed, recipient: string, listSm3: string | undefined): Refused | undefined {
  if (signed.signatureSealed.length === 0 || signed.signaturePersonId !== recipient) {
    return refuse('HANDOVER_SIGNATURE_MISSING', undefined, '/signatureImage');
  }
  return signed.listSm3 === listSm3 ? undefined : refuse('SIGNATURE_NOT_BOUND', undefined, '/listSm3');
}

import { type Refusal, refusal } from '@erx/errors';

type Signed = {
  signatureSealed: Uint8Array;
  /** Who signed, and the SM3 of the list that was signed. */
  signaturePersonId: string;
  listSm3: string;
};

/** Who takes the packs: the patient, or an agent for the patient. */
export type Recipient = { personId: string; isAgent: boolean };

/** HB-29b, HB-24d: whoever takes the packs has signed, and for exactly this sale's purchase list. */
export function receiptProblems(signed: Signed, recipient: Recipient, listSm3: string | undefined): Refusal[] {
  if (signed.signatureSealed.length === 0 || signed.signaturePersonId !== recipient.personId) {
    const code = recipient.isAgent ? 'AGENT_SIGNATURE_MISSING' : 'HANDOVER_SIGNATURE_MISSING';
    return [refusal(code, undefined, '/signatureImage')];
  }
  return signed.listSm3 === listSm3 ? [] : [refusal('SIGNATURE_NOT_BOUND', undefined, '/listSm3')];
}

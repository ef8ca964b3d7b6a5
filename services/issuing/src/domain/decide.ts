import { type Refusal, type Refused, refusal, refuse } from '@erx/errors';
import { formatInstant } from '@erx/values';
import { evolve } from './evolve.ts';
import { alterations } from './medical-part.ts';
import type { Command, Prescription, PrescriptionEvent, Terms } from './prescription.ts';
import { isAllowed } from './transitions.ts';

/**
 * Events of commands that come together, in their order, or every reason why not. A command that the table does not
 * allow refuses all with INVALID_STATE_TRANSITION and the state that the prescription is in.
 */
export function decide(
  prescription: Prescription,
  commands: readonly Command[],
): { events: PrescriptionEvent[]; prescription: Prescription } | Refused {
  const refused: Refusal[] = [];
  const events: PrescriptionEvent[] = [];
  let current = prescription;
  for (const command of commands) {
    if (!isAllowed(current.state, command.type)) {
      return refuse('INVALID_STATE_TRANSITION', { state: prescription.state, command: command.type });
    }
    refused.push(...reasonsAgainst(current, command));
    const event = eventOf(command);
    events.push(event);
    current = evolve(current, event);
  }
  return refused.length > 0 ? { refused } : { events, prescription: current };
}

function reasonsAgainst(prescription: Prescription, command: Command): Refusal[] {
  switch (command.type) {
    case 'Sign':
      return 'terms' in prescription ? reasonsAgainstSigning(prescription.terms, command) : [];
    case 'Review':
      return isValid(command.proof) ? [] : [refusal('REVIEW_MISSING', undefined, '/evidence')];
    case 'Consent':
      return isValid(command.proof) ? [] : [refusal('PATIENT_CONSENT_MISSING', undefined, '/evidence')];
    case 'Circulate': {
      const missing = prescription.state === 'REVIEWED' && prescription.terms.consentRequired;
      return missing ? [refusal('PATIENT_CONSENT_MISSING', undefined, '/evidence')] : [];
    }
    case 'HandOver':
    case 'BeginReversal': {
      const awaited = 'awaitingHandOver' in prescription && prescription.awaitingHandOver.includes(command.saleId);
      return awaited ? [] : [noSuchSale(prescription, command.saleId)];
    }
    case 'CompleteReversal': {
      const begun = 'reversing' in prescription && prescription.reversing.includes(command.saleId);
      return begun ? [] : [noSuchSale(prescription, command.saleId)];
    }
    default:
      return [];
  }
}

function reasonsAgainstSigning(terms: Terms, { document, proof, at }: Command & { type: 'Sign' }): Refusal[] {
  const refused: Refusal[] = [];
  if (at >= terms.validUntil) {
    refused.push(
      refusal('PRESCRIPTION_EXPIRED', { validUntil: formatInstant(terms.validUntil), at: formatInstant(at) }),
    );
  }
  const differing = alterations(terms.medicalPart, document.medicalPart);
  if (document.personId !== terms.personId) differing.unshift('/patient');
  if (differing.length > 0)
    refused.push(refusal('PRESCRIPTION_TAMPERED', { pointers: differing.join(' ') }, '/document'));
  if (!isValid(proof) || proof.signer !== terms.doctorId || proof.bytesSm3 !== document.sm3) {
    refused.push(refusal('DOCTOR_SIGNATURE_INVALID', { doctorId: terms.doctorId }, '/evidence'));
  }
  return refused;
}

function noSuchSale({ state }: Prescription, saleId: string): Refusal {
  return refusal('INVALID_STATE_TRANSITION', { state, saleId });
}

function isValid<P extends { result: string }>(proof: P | undefined): proof is P {
  return proof?.result === 'VALID';
}

function eventOf(command: Command): PrescriptionEvent {
  switch (command.type) {
    case 'Precheck':
      return { type: 'Prechecked', terms: command.terms };
    case 'Sign':
      return { type: 'Signed', signer: command.proof?.signer ?? '' };
    case 'Review':
      return { type: 'Reviewed', signer: command.proof?.signer ?? '' };
    case 'Consent':
      return { type: 'Consented' };
    case 'Circulate':
      return { type: 'Circulated' };
    case 'Lock':
      return { type: 'Locked' };
    case 'Release':
      return { type: 'LockReleased', reason: command.reason };
    case 'Approve':
      return { type: 'PharmacistApproved', signer: command.signer };
    case 'Refuse':
      return { type: 'PharmacistRefused', signer: command.signer, reason: command.reason };
    case 'Sell':
      return { type: 'Sold', saleId: command.saleId, usedUp: command.usedUp };
    case 'HandOver':
      return { type: 'HandedOver', saleId: command.saleId };
    case 'RequestWithdrawal':
      return { type: 'WithdrawalRequested', reason: command.reason };
    case 'Withdraw':
      return { type: 'Withdrawn', reason: command.reason };
    case 'Expire':
      return { type: 'Expired' };
    case 'Hold':
      return { type: 'Held', reason: command.reason };
    case 'Resume':
      return { type: 'Resumed', signer: command.signer };
    case 'BeginReversal':
      return { type: 'SaleReversing', saleId: command.saleId, reason: command.reason };
    case 'CompleteReversal':
      return { type: 'SaleReversed', saleId: command.saleId };
  }
}

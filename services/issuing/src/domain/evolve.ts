import type { OnTheWay, Prescription, PrescriptionEvent, Terms } from './prescription.ts';

/** The state after an event that `decide` gave for this state. */
export function evolve(prescription: Prescription, event: PrescriptionEvent): Prescription {
  switch (event.type) {
    case 'Prechecked':
      return { state: 'PRECHECKED', terms: event.terms };
    case 'Signed':
      return { state: 'SIGNED', terms: termsOf(prescription) };
    case 'Reviewed':
      return { state: 'REVIEWED', terms: termsOf(prescription) };
    case 'Consented':
      return { state: 'CONSENTED', terms: termsOf(prescription) };
    case 'Circulated':
      return { state: 'CIRCULATING', awaitingHandOver: [] };
    case 'Locked':
      return { ...onTheWay(prescription), state: 'LOCKED' };
    case 'LockReleased':
    case 'PharmacistRefused':
      return { ...onTheWay(prescription), state: 'CIRCULATING' };
    case 'PharmacistApproved':
      return { ...onTheWay(prescription), state: 'PHARMACIST_APPROVED' };
    case 'Sold':
      return {
        state: event.usedUp ? 'SETTLED' : 'CIRCULATING',
        awaitingHandOver: [...onTheWay(prescription).awaitingHandOver, event.saleId],
      };
    case 'HandedOver': {
      const before = onTheWay(prescription);
      const awaitingHandOver = before.awaitingHandOver.filter((saleId) => saleId !== event.saleId);
      const done = before.state === 'SETTLED' && awaitingHandOver.length === 0;
      return done ? { state: 'HANDED_OVER' } : { state: before.state, awaitingHandOver };
    }
  }
}

function termsOf(prescription: Prescription): Terms {
  if (!('terms' in prescription)) throw new Error(`a ${prescription.state} prescription has no terms`);
  return prescription.terms;
}

function onTheWay(prescription: Prescription): OnTheWay {
  if (!('awaitingHandOver' in prescription)) throw new Error(`a ${prescription.state} prescription is not on its way`);
  return prescription;
}

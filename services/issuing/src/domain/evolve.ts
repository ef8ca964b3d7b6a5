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
      return { state: 'CIRCULATING', awaitingHandOver: [], reversing: [] };
    case 'Locked':
      return { ...onTheWay(prescription), state: 'LOCKED' };
    case 'LockReleased':
    case 'PharmacistRefused':
    case 'Resumed':
      return { ...onTheWay(prescription), state: 'CIRCULATING' };
    case 'PharmacistApproved':
      return { ...onTheWay(prescription), state: 'PHARMACIST_APPROVED' };
    case 'Sold':
      return {
        ...onTheWay(prescription),
        state: event.usedUp ? 'SETTLED' : 'CIRCULATING',
        awaitingHandOver: [...onTheWay(prescription).awaitingHandOver, event.saleId],
      };
    case 'HandedOver': {
      const before = onTheWay(prescription);
      const awaitingHandOver = without(before.awaitingHandOver, event.saleId);
      const done = before.state === 'SETTLED' && awaitingHandOver.length + before.reversing.length === 0;
      return done ? { state: 'HANDED_OVER' } : { ...before, awaitingHandOver };
    }
    case 'WithdrawalRequested':
      return prescription;
    case 'Withdrawn':
      return { ...onTheWay(prescription), state: 'WITHDRAWN' };
    case 'Expired':
      return { ...onTheWay(prescription), state: 'EXPIRED' };
    case 'Held':
      return { ...onTheWay(prescription), state: 'ON_HOLD' };
    case 'SaleReversing': {
      const before = onTheWay(prescription);
      const awaitingHandOver = without(before.awaitingHandOver, event.saleId);
      return { ...before, awaitingHandOver, reversing: [...before.reversing, event.saleId] };
    }
    // What was sold is open again; that it has ended by now is reported next.
    case 'SaleReversed': {
      const before = onTheWay(prescription);
      const state = before.state === 'SETTLED' ? 'CIRCULATING' : before.state;
      return { ...before, state, reversing: without(before.reversing, event.saleId) };
    }
  }
}

function without(saleIds: readonly string[], saleId: string): string[] {
  return saleIds.filter((each) => each !== saleId);
}

function termsOf(prescription: Prescription): Terms {
  if (!('terms' in prescription)) throw new Error(`a ${prescription.state} prescription has no terms`);
  return prescription.terms;
}

function onTheWay(prescription: Prescription): OnTheWay {
  if (!('awaitingHandOver' in prescription)) throw new Error(`a ${prescription.state} prescription is not on its way`);
  return prescription;
}

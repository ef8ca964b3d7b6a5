import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { EventContext } from '@erx/proto/common/v1/common';
import { toMessage } from '@erx/rpc';
import { type Act, contextOf } from '../act.ts';
import type { Event } from '../domain/prescription.ts';

export type Subject = {
  prescriptionId: string;
  /** Newest event of the prescription so far. */
  lastEventId: string;
  territory: readonly string[];
};

/** What happened to a prescription, in the words of the contract; each event is caused by the one before. */
export function published(events: readonly Event[], subject: Subject, act: Act): OutgoingEvent[] {
  let causationId = subject.lastEventId;
  return events.filter(isTold).map((event) => {
    const message = toContract(event, subject, causationId, act);
    causationId = message.id;
    return message;
  });
}

type Told = Exclude<Event, { type: 'HoldRequested' }>;

function isTold(event: Event): event is Told {
  return event.type !== 'HoldRequested';
}

function toContract(event: Told, { prescriptionId, territory }: Subject, causationId: string, act: Act): OutgoingEvent {
  const address = { source: 'dispensing', key: prescriptionId, at: act.machineAt, causationId, territory };
  const head = { context: contextOf(act), prescriptionId };
  switch (event.type) {
    case 'PrescriptionLocked': {
      const { type: _type, until: lockedUntil, ...rest } = event;
      return outgoing('erx.dispensing.v1.PrescriptionLocked', { ...head, ...rest, lockedUntil }, address);
    }
    case 'LockReleased': {
      const { lockId, pharmacyId, reason } = event;
      return outgoing('erx.dispensing.v1.LockReleased', { ...head, lockId, pharmacyId, reason }, address);
    }
    case 'HistoryViewed': {
      const { lockId, pharmacistId } = event;
      return outgoing('erx.dispensing.v1.HistoryViewed', { ...head, lockId, pharmacistId }, address);
    }
    case 'PharmacistApproved': {
      const { lockId, pharmacistId, evidence } = event;
      return outgoing('erx.dispensing.v1.PharmacistApproved', { ...head, lockId, pharmacistId, evidence }, address);
    }
    case 'PharmacistRefused': {
      const { lockId, pharmacistId, reason, evidence } = event;
      const content = { ...head, lockId, pharmacistId, reason, evidence };
      return outgoing('erx.dispensing.v1.PharmacistRefused', content, address);
    }
    case 'SaleStarted': {
      const { saleId, pharmacyId, lines } = event;
      return outgoing('erx.dispensing.v1.SaleStarted', { ...head, saleId, pharmacyId, lines: [...lines] }, address);
    }
    case 'SaleAbandoned': {
      const { saleId, pharmacyId } = event;
      const refusals = event.refusals.map(toMessage);
      return outgoing('erx.dispensing.v1.SaleAbandoned', { ...head, saleId, pharmacyId, refusals }, address);
    }
    case 'SaleCompleted': {
      const { saleId, pharmacyId, usedUp, sale } = event;
      const content = { ...head, ...sale, saleId, pharmacyId, usedUp, lines: [...sale.lines] };
      return outgoing('erx.dispensing.v1.SaleCompleted', content, address);
    }
    case 'HandedOver': {
      const { saleId, pharmacyId, receipt } = event;
      return outgoing('erx.dispensing.v1.HandedOver', { ...head, saleId, pharmacyId, ...receipt }, address);
    }
    case 'SaleReversing': {
      const { saleId, pharmacyId, reason } = event;
      const content = { ...head, saleId, pharmacyId, reason, leftCounter: [...event.leftCounter] };
      return outgoing('erx.dispensing.v1.SaleReversing', content, address);
    }
    case 'SaleReversed': {
      const { saleId, pharmacyId, settlementId } = event;
      const content = { ...head, saleId, pharmacyId, settlementId, lines: [...event.lines] };
      return outgoing('erx.dispensing.v1.SaleReversed', content, address);
    }
    default:
      return circulationToContract(event, head, address);
  }
}

type OfCirculation = Extract<
  Told,
  {
    type:
      | 'WithdrawalRequested'
      | 'PrescriptionWithdrawn'
      | 'PrescriptionExpired'
      | 'PrescriptionHeld'
      | 'PrescriptionResumed';
  }
>;

function circulationToContract(
  event: OfCirculation,
  head: { context: EventContext; prescriptionId: string },
  address: Parameters<typeof outgoing>[2],
): OutgoingEvent {
  switch (event.type) {
    case 'WithdrawalRequested':
      return outgoing('erx.dispensing.v1.WithdrawalRequested', { ...head, reason: event.reason }, address);
    case 'PrescriptionWithdrawn': {
      const { reason, pharmacyId } = event;
      const content = { ...head, reason, pharmacyId, lines: [...event.lines] };
      return outgoing('erx.dispensing.v1.PrescriptionWithdrawn', content, address);
    }
    case 'PrescriptionExpired': {
      const content = { ...head, pharmacyId: event.pharmacyId, lines: [...event.lines] };
      return outgoing('erx.dispensing.v1.PrescriptionExpired', content, address);
    }
    case 'PrescriptionHeld': {
      const { reason, doctorId, pharmacyId } = event;
      return outgoing('erx.dispensing.v1.PrescriptionHeld', { ...head, reason, doctorId, pharmacyId }, address);
    }
    case 'PrescriptionResumed': {
      const { doctorId, evidence } = event;
      return outgoing('erx.dispensing.v1.PrescriptionResumed', { ...head, doctorId, evidence }, address);
    }
  }
}

import { randomUUID } from 'node:crypto';
import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { EventContext } from '@erx/proto/common/v1/common';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import { actorOf } from '@erx/rpc';

export const pharmacy = actorOf({
  clientId: 'till-1',
  role: 'PHARMACY',
  institutionId: 'P42010600001',
  operator: 'T1',
});

/** What dispensing says about one prescription, a minute of business time after the other. */
export function reporter(prescriptionId: string) {
  let minute = 0;
  const about = () => {
    minute += 1;
    const businessTime = new Date(Date.UTC(2025, 5, 6, 3, minute));
    const judgement = { businessTime, machineTime: new Date(), profileVersion: '420000@1', listVersions: [] };
    const context: EventContext = { actor: pharmacy, judgement };
    return {
      context,
      address: { source: 'dispensing', key: prescriptionId, at: new Date() },
    };
  };
  const say = <T extends OutgoingEvent['type']>(type: T, facts: object): OutgoingEvent => {
    const { context, address } = about();
    return outgoing(type, { context, prescriptionId, ...facts } as never, address);
  };
  const lock = { lockId: randomUUID(), pharmacyId: pharmacy.institutionId };
  return {
    locked: () => say('erx.dispensing.v1.PrescriptionLocked', { ...lock, personId: 'p', lockedUntil: new Date() }),
    released: (reason: string) => say('erx.dispensing.v1.LockReleased', { ...lock, reason }),
    historyViewed: () => say('erx.dispensing.v1.HistoryViewed', { lockId: lock.lockId, pharmacistId: 'YS1' }),
    approved: () => say('erx.dispensing.v1.PharmacistApproved', { lockId: lock.lockId, pharmacistId: 'YS1' }),
    refused: (reason: string) =>
      say('erx.dispensing.v1.PharmacistRefused', { lockId: lock.lockId, pharmacistId: 'YS1', reason }),
    sold: (saleId: string, usedUp: boolean, lines: SaleLine[] = []) =>
      say('erx.dispensing.v1.SaleCompleted', { saleId, ...lock, personId: 'p', settlementId: 's', lines, usedUp }),
    handedOver: (saleId: string) =>
      say('erx.dispensing.v1.HandedOver', {
        saleId,
        ...lock,
        recipientPersonId: 'p',
        signatureSealed: new Uint8Array(),
        listSm3: '',
        agentRelation: '',
      }),
    withdrawalRequested: (reason: string) => say('erx.dispensing.v1.WithdrawalRequested', { reason }),
    withdrawn: (reason: string) =>
      say('erx.dispensing.v1.PrescriptionWithdrawn', { reason, lines: [], pharmacyId: '' }),
    expired: () => say('erx.dispensing.v1.PrescriptionExpired', { lines: [], pharmacyId: '' }),
    held: (reason: string) => say('erx.dispensing.v1.PrescriptionHeld', { reason, doctorId: 'D', pharmacyId: '' }),
    resumed: (doctorId: string, evidence: Evidence) =>
      say('erx.dispensing.v1.PrescriptionResumed', { doctorId, evidence }),
    reversing: (saleId: string, reason: string) =>
      say('erx.dispensing.v1.SaleReversing', { saleId, pharmacyId: lock.pharmacyId, reason, leftCounter: [] }),
    reversed: (saleId: string) =>
      say('erx.dispensing.v1.SaleReversed', { saleId, ...lock, settlementId: 's', lines: [] }),
  };
}

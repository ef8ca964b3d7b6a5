import { randomUUID } from 'node:crypto';
import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { EventContext } from '@erx/proto/common/v1/common';
import { type EventPayload, type EventType, events } from '@erx/proto/topics';
import { actorOf } from '@erx/rpc';

export const HOSPITAL = 'H42010200001';
export const PHARMACY = 'P42010200001';
export const OTHER_PHARMACY = 'P42010200002';

/** Ids of one prescription that one pharmacy filled with one pack, as its events name them. */
export type Chain = ReturnType<typeof chainIds>;

type Address = Parameters<typeof outgoing>[2];

let numbers = 0;

export function chainIds(shared: { personId?: string; doctorId?: string } = {}) {
  numbers += 1;
  return {
    prescriptionId: uuid(numbers),
    hiRxno: `4201022026010${String(numbers).padStart(7, '0')}`,
    rxTraceCode: `TRACE${String(numbers).padStart(15, '0')}`,
    saleId: randomUUID(),
    settlementId: randomUUID(),
    traceCode: `8100001${String(numbers).padStart(13, '0')}`,
    personId: randomUUID(),
    doctorId: `D4201020${String(numbers).padStart(5, '0')}`,
    pharmacyId: PHARMACY,
    documentSm3: String(numbers).padStart(64, '0'),
    ...shared,
  };
}

/** The whole way in the order in which it has to be told, delivery of the pack first. */
export function chainEvents(ids: Chain, territory: readonly string[] = ['420102']): OutgoingEvent[] {
  const { prescriptionId, saleId, settlementId, personId, pharmacyId } = ids;
  let minute = 0;
  let causationId: string | undefined;
  const event = <T extends EventType>(type: T, fields: object, key: string, at: Partial<Address> = {}) => {
    minute += 1;
    const time = new Date(Date.UTC(2026, 0, 5, 8, minute));
    const institutionId = type.startsWith('erx.issuing.') ? HOSPITAL : pharmacyId;
    const actor = actorOf({ clientId: institutionId, role: 'X', institutionId, operator: 'o' });
    const judgement = { businessTime: time, machineTime: time, profileVersion: '420000@1', listVersions: [] };
    const context: EventContext = { actor, judgement };
    const codec = events[type].codec as unknown as { create(fields: object): EventPayload<T> };
    const payload = codec.create({ context, ...fields });
    return outgoing(type, payload, { source: 'test', key, at: time, territory, causationId, ...at });
  };
  const step = <T extends EventType>(type: T, fields: object): OutgoingEvent => {
    const told = event(type, { prescriptionId, ...fields }, prescriptionId);
    causationId = told.id;
    return told;
  };
  const line = { lineNo: 1, drugCode: 'd', quantity: 10_000n, unitPrice: 1n, traceCodes: [ids.traceCode] };
  return [
    event(
      'erx.traceability.v1.StockReceived',
      { noteId: `note-${ids.traceCode}`, holderId: pharmacyId, traceCodes: [ids.traceCode] },
      `note-${ids.traceCode}`,
    ),
    step('erx.issuing.v1.PrescriptionPrechecked', { ...ids, hospitalId: HOSPITAL }),
    step('erx.issuing.v1.PrescriptionCirculating', { ...ids, hospitalId: HOSPITAL, patient: { personId } }),
    step('erx.dispensing.v1.PrescriptionLocked', { lockId: 'l', pharmacyId, personId }),
    event(
      'erx.access.v1.RequestRefused',
      { subject: prescriptionId, refusals: [{ code: 'QTY_OVER_LIMIT' }] },
      'client',
    ),
    step('erx.dispensing.v1.PharmacistApproved', { lockId: 'l' }),
    step('erx.dispensing.v1.SaleStarted', { saleId, pharmacyId, lines: [line] }),
    step('erx.settlement.v1.SettlementMade', { settlementId, saleId, pharmacyId, personId }),
    step('erx.dispensing.v1.SaleCompleted', { saleId, pharmacyId, personId, settlementId, lines: [line] }),
    step('erx.traceability.v1.CodesSold', { saleId, holderId: pharmacyId, traceCodes: [ids.traceCode] }),
    event('erx.access.v1.RequestRefused', { subject: saleId, refusals: [{ code: 'TRACE_CODE_DUPLICATE' }] }, 'client'),
    step('erx.dispensing.v1.HandedOver', { saleId, pharmacyId, recipientPersonId: personId }),
  ];
}

/** Ids grow with time, as in the hub. */
function uuid(n: number): string {
  return `0190a1b2-c3d4-7e5f-8a6b-${String(n).padStart(12, '0')}`;
}

import type { EventPayload, EventType } from '@erx/proto/topics';

/**
 * Under what an event is found (GJ-6e). `names`: further names of the prescription that it belongs to, each of which
 * leads to the whole chain. `mentions`: what an event is about that is not told under a prescription's key.
 */
export type HistoryKeys = { names: string[]; mentions: string[] };

/** Prescription, sale, settlement: ids that are nobody else's. */
export const idKey = (id: string): string => `id:${id}`;
export const numberKey = (number: string): string => `number:${number}`;
export const codeKey = (traceCode: string): string => `code:${traceCode}`;
export const personKey = (personId: string): string => `person:${personId}`;
export const doctorKey = (doctorId: string): string => `doctor:${doctorId}`;

type Rules = { [T in EventType]?: (payload: EventPayload<T>) => Partial<HistoryKeys> };

// A name is told once, by the event that brings it up.
const rules: Rules = {
  'erx.issuing.v1.PrescriptionPrechecked': ({ prescriptionId, hiRxno, doctorId, personId }) => ({
    names: [idKey(prescriptionId), numberKey(hiRxno), doctorKey(doctorId), personKey(personId)],
  }),
  'erx.issuing.v1.PrescriptionCirculating': ({ rxTraceCode }) => ({ names: [numberKey(rxTraceCode)] }),
  'erx.dispensing.v1.PrescriptionResumed': ({ doctorId }) => ({ names: [doctorKey(doctorId)] }),
  'erx.dispensing.v1.SaleStarted': ({ saleId, lines }) => ({
    names: [idKey(saleId), ...lines.flatMap(({ traceCodes }) => traceCodes.map(codeKey))],
  }),
  'erx.settlement.v1.SettlementMade': ({ settlementId }) => ({ names: [idKey(settlementId)] }),
  'erx.traceability.v1.StockReceived': ({ traceCodes }) => ({ mentions: traceCodes.map(codeKey) }),
  'erx.traceability.v1.StockMoved': ({ traceCodes }) => ({ mentions: traceCodes.map(codeKey) }),
  'erx.traceability.v1.BatchRecalled': ({ codes }) => ({
    mentions: codes.flatMap(({ traceCodes }) => traceCodes.map(codeKey)),
  }),
  'erx.traceability.v1.CodeConflict': ({ traceCode }) => ({ mentions: [codeKey(traceCode)] }),
  'erx.verification.v1.IdentityChecked': ({ personId }) => ({ mentions: [personKey(personId)] }),
  'erx.verification.v1.PersonalDataOpened': ({ personIds }) => ({ mentions: personIds.map(personKey) }),
  'erx.access.v1.HistoryRead': ({ personIds }) => ({ mentions: personIds.map(personKey) }),
  'erx.access.v1.RequestRefused': ({ subject }) => ({ mentions: subject === '' ? [] : [idKey(subject)] }),
};

export function historyKeysOf(type: EventType, payload: unknown): HistoryKeys {
  const rule = rules[type] as ((payload: unknown) => Partial<HistoryKeys>) | undefined;
  return { names: [], mentions: [], ...rule?.(payload) };
}

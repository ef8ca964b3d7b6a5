import { isRefused, type Refusal, type Refused, refusal } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import type { HistoryStep, ReadHistoryRequest, ReadHistoryResponse } from '@erx/proto/audit/v1/audit_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { codeKey, doctorKey, idKey, numberKey, personKey } from '../domain/history-keys.ts';
import type { Reader } from '../domain/visible.ts';
import { historyRead } from '../outbound/events.ts';
import type { Peers } from '../outbound/peers.ts';
import { readerOf } from '../outbound/reader.ts';
import { type FoundEvent, findHistory } from '../queries/find-history.ts';

export type HistoryParts = { database: Database; reference: Lookups; peers: Peers };

const LIMIT_MAX = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type By = 'PRESCRIPTION' | 'TRACE_CODE' | 'SETTLEMENT' | 'PATIENT' | 'DOCTOR';
type Question = { by: By; key: string; person: string };

/**
 * GJ-6e, R-18: the whole chain by any one of five keys, as far as the reader may see it. That it was read is on record
 * before it is shown, and stands in the history of the persons concerned. REQUEST_INVALID: not exactly one key, a
 * position or limit that is none; for a patient's app GRANT_INVALID, IDENTITY_CHECK_MISSING.
 */
export async function readHistory(
  { database, reference, peers }: HistoryParts,
  request: ReadHistoryRequest,
  call: Call,
): Promise<ReadHistoryResponse | Refused> {
  const reader = await readerOf(peers, request.grantId, call);
  if (isRefused(reader)) return reader;
  const question = questionOf(request, reader);
  if (isRefused(question)) return question;
  const { by, key, person } = question;
  const { after, limit } = request;
  const { division } = call.actor;
  const { events, next } = await findHistory(database, reader, { key, after, limit, division });
  if (events.length > 0) {
    const read = { by, ...concerned(events, person) };
    await inTransaction(database, (tx) => appendToOutbox(tx, [historyRead(read, call, reference)]));
  }
  return { steps: stepsOf(events, reference), next };
}

function questionOf(request: ReadHistoryRequest, { personId }: Reader): Question | Refused {
  const { prescription, traceCode, settlement, patient, doctor, after, limit } = request;
  const all: [by: By, value: string, keyOf: (value: string) => string][] = [
    ['PRESCRIPTION', prescription, (number) => (UUID.test(number) ? idKey(number) : numberKey(number))],
    ['TRACE_CODE', traceCode, codeKey],
    ['SETTLEMENT', settlement, idKey],
    ['PATIENT', patient, personKey],
    ['DOCTOR', doctor, doctorKey],
  ];
  const named = all.filter(([, value]) => value !== '');
  // Nothing named: a patient's app asks for the person behind its grant.
  const given: typeof all = named.length === 0 && personId !== '' ? [['PATIENT', personId, personKey]] : named;
  const [first] = given;
  const problems: Refusal[] = [];
  if (given.length !== 1) problems.push(refusal('REQUEST_INVALID', { problem: 'NOT_ONE_KEY' }));
  if (after !== '' && !UUID.test(after)) problems.push(refusal('REQUEST_INVALID', { problem: 'WRONG_FORM' }, '/after'));
  if (limit < 1 || limit > LIMIT_MAX) {
    problems.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE', max: String(LIMIT_MAX) }, '/limit'));
  }
  if (first === undefined || problems.length > 0) return { refused: problems };
  const [by, value, keyOf] = first;
  return { by, key: keyOf(value), person: by === 'PATIENT' ? value : '' };
}

/** Whose chains are shown. Readings that stand in a history name others too: they do not count. */
function concerned(events: readonly FoundEvent[], person: string): { personIds: string[]; prescriptionIds: string[] } {
  const issued = events.filter(({ facts }) => facts.hospitalId !== '');
  const persons = [...issued.flatMap(({ facts }) => facts.persons), person].filter((id) => id !== '');
  const prescriptions = events.map(({ ofPrescription }) => ofPrescription).filter((id) => id !== '');
  return { personIds: [...new Set(persons)], prescriptionIds: [...new Set(prescriptions)] };
}

/** Each step names the version of the document that was in force: there is one per prescription, from its signing on. */
function stepsOf(events: readonly FoundEvent[], reference: Lookups): HistoryStep[] {
  const documents = new Map<string, string>();
  return events.map(({ eventId, type, at, ofPrescription, facts }) => {
    const { actor, businessTime, saleId, institutionId, profileVersion, reason } = facts;
    if (facts.documentSm3 !== '') documents.set(ofPrescription, facts.documentSm3);
    const institution = reference.institution(institutionId);
    return {
      eventId,
      type,
      prescriptionId: ofPrescription,
      saleId,
      actor,
      institutionId,
      institutionName: institution?.name ?? '',
      division: institution?.division ?? '',
      businessTime,
      machineTime: facts.machineTime ?? new Date(at),
      documentSm3: documents.get(ofPrescription) ?? '',
      profileVersion,
      reason,
    };
  });
}

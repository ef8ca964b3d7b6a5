import type { Database } from '@erx/postgres';
import { type EventType, events } from '@erx/proto/topics';
import { type EventFacts, factsOf } from '../domain/event-facts.ts';
import { orderHistory } from '../domain/order-history.ts';
import { type Reader, visibleTo } from '../domain/visible.ts';
import { type HistoryQuestion, type HistoryRow, readHistoryRows } from '../store/history-store.ts';

export type FoundEvent = {
  eventId: string;
  type: string;
  causationId: string;
  at: number;
  ofPrescription: string;
  inDivision: boolean;
  facts: EventFacts;
};

/** What the reader may see under a key, in order, each event once; `next`: the last item when the page is full. */
export async function findHistory(
  { sql }: Database,
  reader: Reader,
  question: HistoryQuestion,
): Promise<{ events: FoundEvent[]; next: string }> {
  const rows = await readHistoryRows(sql, question);
  const items = new Set(rows.map(({ item }) => item));
  const next = items.size === question.limit ? (rows.at(-1)?.item ?? '') : '';
  return { events: orderHistory(visibleTo(reader, onceEach(rows.map(toFound)))), next };
}

/** A pack that two prescriptions of one page took, one after the other, has its movements here once. */
function onceEach(found: readonly FoundEvent[]): FoundEvent[] {
  return [...new Map(found.map((event) => [event.eventId, event])).values()];
}

function toFound({ eventId, type, headers, value, prescriptionId, inDivision }: HistoryRow): FoundEvent {
  const { ce_causationid: causationId = '', ce_time: time = '' } = JSON.parse(headers) as Record<string, string>;
  return {
    eventId,
    type,
    causationId,
    at: Date.parse(time),
    ofPrescription: prescriptionId,
    inDivision,
    facts: factsOf(events[type as EventType].codec.decode(value)),
  };
}

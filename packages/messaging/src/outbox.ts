import type { Tx } from '@erx/postgres';
import { type EventPayload, type EventType, events } from '@erx/proto/topics';
import { uuidv7 } from 'uuidv7';
import { inSpans, openAppendSpan } from './event-spans.ts';

/** An event ready for the outbox: exact bytes, CloudEvents headers (binary binding). */
export type OutgoingEvent = {
  id: string;
  type: EventType;
  topic: string;
  key: string;
  headers: Record<string, string>;
  payload: Uint8Array;
};

export type EventAddress = {
  /** Service that speaks. */
  source: string;
  key: string;
  /** Machine time of the change. */
  at: Date;
  /** Last event of this aggregate that the writer knew. */
  causationId?: string | undefined;
  /** Divisions of hospital, pharmacy and insurance (six digits): who may see it in the audit stream. */
  territory?: readonly string[];
};

/** Encodes an event of the catalogue. */
export function outgoing<T extends EventType>(type: T, payload: EventPayload<T>, address: EventAddress): OutgoingEvent {
  const { topic, codec } = events[type];
  const id = uuidv7();
  return {
    id,
    type,
    topic,
    key: address.key,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: `erx/${address.source}`,
      ce_time: address.at.toISOString(),
      ...(address.causationId ? { ce_causationid: address.causationId } : {}),
      ...(address.territory?.length ? { ce_territory: [...new Set(address.territory)].join(',') } : {}),
    },
    // The catalogue pairs type and codec; TypeScript cannot follow that through the index.
    payload: (codec as { encode(value: unknown): { finish(): Uint8Array } }).encode(payload).finish(),
  };
}

/** Stores events in the transaction of their change; the relay publishes them afterwards. */
export async function appendToOutbox(tx: Tx, list: readonly OutgoingEvent[]): Promise<void> {
  if (list.length === 0) return;
  const traced = list.map(({ headers, ...event }) => ({ ...event, ...openAppendSpan(event, headers) }));
  const column = (value: (event: (typeof traced)[number]) => string) => traced.map(value);
  await inSpans(
    traced.map(({ span }) => span),
    async () => {
      await tx.sql`
        with stored as (
          insert into outbox (event_id, topic, key, type, headers, payload)
          select event_id, topic, key, type, headers, decode(payload, 'base64')
          from unnest(
            ${column(({ id }) => id)}::uuid[], ${column(({ topic }) => topic)}::text[],
            ${column(({ key }) => key)}::text[], ${column(({ type }) => type)}::text[],
            ${column(({ headers }) => JSON.stringify(headers))}::text[],
            ${column(({ payload }) => Buffer.from(payload).toString('base64'))}::text[]
          ) as event (event_id, topic, key, type, headers, payload))
        select pg_notify('outbox', '')`;
    },
  );
}

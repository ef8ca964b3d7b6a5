import type { Tx } from '@erx/postgres';
import type { ConsumedEvent } from './decode-event.ts';

/** Records events as received; gives those that were not there before. */
export async function enterInbox(tx: Tx, consumer: string, events: readonly ConsumedEvent[]): Promise<ConsumedEvent[]> {
  const rows = await tx.sql<{ event_id: string }[]>`
    insert into inbox (consumer, event_id, topic)
    select ${consumer}, id, topic
    from unnest(${events.map(({ id }) => id)}::uuid[], ${events.map(({ topic }) => topic)}::text[]) as event (id, topic)
    on conflict do nothing returning event_id`;
  const fresh = new Set(rows.map((row) => row.event_id));
  // The same event may stand twice in one chunk: only its first copy counts.
  return events.filter((event) => fresh.delete(event.id));
}

import type { Query } from '@erx/postgres';
import { topics } from '@erx/proto/topics';

const BATCH = 1_000;

/** A topic forgets by whole segments, and an event may have reached it long after it was written. */
const INBOX_OUTLIVES_TOPIC = 2;

/**
 * Takes away what nobody will ask for any more: published rows of the outbox that are as old as the topic remembers
 * (a restore fills the topic from them), and rows of the inbox when no copy of their event can come. Compacted topics
 * remember for ever, and so do their rows. A small batch; true when there may be more.
 */
export async function purge(session: Query, now: Date): Promise<boolean> {
  const byRetention = Map.groupBy(Object.entries(topics), ([, { retentionMs }]) => retentionMs);
  let isCutShort = false;
  for (const [retentionMs, entries] of byRetention) {
    if (retentionMs === 'compacted') continue;
    const names = entries.map(([name]) => name);
    const forgotten = new Date(now.getTime() - INBOX_OUTLIVES_TOPIC * retentionMs);
    // A restore has sent old events anew: their topics remember them from then on.
    const restored = await session`select from restored where at > ${forgotten.toISOString()}::timestamptz`;
    if (restored.length > 0) return false;
    const sent = await purgeOutbox(session, names, oldestId(now.getTime() - retentionMs));
    const had = await purgeInbox(session, names, oldestId(forgotten.getTime()));
    isCutShort ||= sent === BATCH || had === BATCH;
  }
  return isCutShort;
}

/** The smallest event id (UUIDv7) of a moment. */
function oldestId(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

async function purgeOutbox(session: Query, names: readonly string[], before: string): Promise<number> {
  const [row] = await session<{ n: number }[]>`
    with gone as (
      delete from outbox where event_id in (
        select event_id from outbox
        where event_id < ${before}::uuid and topic = any(${[...names]}::text[]) and published_at is not null
        order by event_id limit ${BATCH})
      returning topic, event_id),
    counted as (
      insert into purged (box, consumer, topic, events, newest)
      select 'outbox', '', topic, count(*), max(event_id::text)::uuid from gone group by topic
      on conflict (box, consumer, topic) do update
      set events = purged.events + excluded.events, newest = greatest(purged.newest, excluded.newest))
    select count(*)::int as n from gone`;
  return row?.n ?? 0;
}

async function purgeInbox(session: Query, names: readonly string[], before: string): Promise<number> {
  const [row] = await session<{ n: number }[]>`
    with gone as (
      delete from inbox where (consumer, event_id) in (
        select consumer, event_id from inbox
        where event_id < ${before}::uuid and topic = any(${[...names]}::text[])
        order by consumer, event_id limit ${BATCH})
      returning consumer, topic, event_id),
    counted as (
      insert into purged (box, consumer, topic, events, newest)
      select 'inbox', consumer, topic, count(*), max(event_id::text)::uuid from gone group by consumer, topic
      on conflict (box, consumer, topic) do update
      set events = purged.events + excluded.events, newest = greatest(purged.newest, excluded.newest))
    select count(*)::int as n from gone`;
  return row?.n ?? 0;
}

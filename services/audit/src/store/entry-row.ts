import type { Sql } from '@erx/postgres';
import type { Entry } from '@erx/proto/audit/v1/audit_service';

/** Where the leaf of an event is, and the salt that it was made with. */
type LeafPlace = { logId: number; index: bigint; salt: Uint8Array };

/** An entry as it is kept, with its number in one division. */
export type StoredEntry = Pick<
  Entry,
  'number' | 'eventId' | 'type' | 'topic' | 'partition' | 'offset' | 'key' | 'headers' | 'value' | 'recordedAt'
> & {
  /** In the newest log that holds it. Undefined where none does, which must not be. */
  leaf: LeafPlace | undefined;
};

export type EntryRow = Omit<StoredEntry, 'headers' | 'recordedAt' | 'leaf'> & {
  headers: string;
  recordedMs: bigint;
  logId: number | null;
  leafIndex: bigint;
  salt: Uint8Array;
};

/** What `entryOf` reads, but the number: columns of `entry` and of `newestLeaf` beside it. */
export const entryColumns = (sql: Sql) => sql`
  entry.event_id as "eventId", type, topic, partition, "offset", entry.key, headers, value,
  (extract(epoch from recorded_at) * 1000)::bigint as "recordedMs", leaf.log_id as "logId", leaf.index as "leafIndex", salt`;

export const newestLeaf = (sql: Sql) => sql`
  left join lateral (select log_id, index, salt from log_leaf where log_leaf.event_id = entry.event_id
                     order by log_id desc limit 1) as leaf on true`;

export function entryOf({ headers, recordedMs, logId, leafIndex: index, salt, ...row }: EntryRow): StoredEntry {
  return {
    ...row,
    headers: JSON.parse(headers) as Record<string, string>,
    recordedAt: new Date(Number(recordedMs)),
    leaf: logId === null ? undefined : { logId, index, salt },
  };
}

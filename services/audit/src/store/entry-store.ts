import type { ConsumedEvent } from '@erx/messaging';
import type { Sql, Tx } from '@erx/postgres';
import type { Entry } from '@erx/proto/audit/v1/audit_service';

/** Appends events as they stood in their topics on a broker cluster. */
export async function insertEntries(
  tx: Tx,
  events: readonly ConsumedEvent[],
  cluster: string,
  recordedAt: Date,
): Promise<void> {
  await tx.sql`
    insert into entry (event_id, type, cluster, topic, partition, "offset", key, headers, value, recorded_at)
    select event_id, type, ${cluster}, topic, partition, "offset", key, headers, decode(value, 'hex'),
           ${recordedAt.toISOString()}
    from unnest(${events.map(({ id }) => id)}::uuid[], ${events.map(({ type }) => type)}::text[],
                ${events.map(({ topic }) => topic)}::text[], ${events.map(({ partition }) => partition)}::integer[],
                ${events.map(({ offset }) => offset.toString())}::bigint[], ${events.map(({ key }) => key)}::text[],
                ${events.map(({ headers }) => JSON.stringify(headers))}::text[],
                ${events.map(({ value }) => Buffer.from(value).toString('hex'))}::text[])
      as consumed (event_id, type, topic, partition, "offset", key, headers, value)`;
}

// A page fits a gRPC message whatever its events hold; the entry that passes the bound is its last.
const PAGE_BYTES = 4 * 1024 * 1024;

/** Entries of a division after a number, in order: at most `limit`, and at least one where there is any. */
export async function readPage(sql: Sql, division: string, after: bigint, limit: number): Promise<Entry[]> {
  const rows = await sql<(Omit<Entry, 'headers' | 'recordedAt'> & { headers: string; recordedMs: bigint })[]>`
    select number, event_id as "eventId", type, topic, partition, "offset", key, headers, value,
           (extract(epoch from recorded_at) * 1000)::bigint as "recordedMs"
    from (
      select entry_number.number, entry.*,
             sum(octet_length(value)) over (order by number) - octet_length(value) as bytes_before
      from entry_number join entry using (event_id)
      where division = ${division} and number > ${after.toString()}
      order by number limit ${limit}) as page
    where bytes_before < ${PAGE_BYTES}
    order by number`;
  return rows.map(({ headers, recordedMs, ...row }) => ({
    ...row,
    headers: JSON.parse(headers) as Record<string, string>,
    recordedAt: new Date(Number(recordedMs)),
  }));
}

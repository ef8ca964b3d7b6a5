import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { Run } from '../domain/runs.ts';
import type { Leaf } from './log-leaf.ts';
import { NEWS } from './numbering.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * Appends events in the order of the list: as they stood in their topics on a broker cluster, as leaves of the open
 * log, and with the next number in each of their divisions. One statement: whoever appends takes the row of the log
 * first and holds it until the transaction is over, so that two at once never wait for each other in a circle, and no
 * leaf and no number becomes visible before the smaller ones.
 */
export async function appendEvents(
  tx: Tx,
  events: readonly ConsumedEvent[],
  leaves: readonly Leaf[],
  runs: readonly Run[],
  from: { cluster: string; recordedAt: Date },
): Promise<void> {
  const told = await tx.sql`
    with grown as (
      update log set size = size + ${events.length} where is_open returning log_id, size - ${events.length} as before
    ), consumed as (
      select * from unnest(
        ${events.map(({ id }) => id)}::uuid[], ${events.map(({ type }) => type)}::text[],
        ${events.map(({ topic }) => topic)}::text[], ${events.map(({ partition }) => partition)}::integer[],
        ${events.map(({ offset }) => offset.toString())}::bigint[], ${events.map(({ key }) => key)}::text[],
        ${events.map(({ headers }) => JSON.stringify(headers))}::text[], ${events.map(({ value }) => hex(value))}::text[],
        ${leaves.map(({ entry }) => hex(entry))}::text[], ${leaves.map(({ salt }) => hex(salt))}::text[]
      ) with ordinality as c (event_id, type, topic, partition, "offset", key, headers, value, entry, salt, nth)
    ), recorded as (
      insert into entry (event_id, type, cluster, topic, partition, "offset", key, headers, value, recorded_at)
      select event_id, type, ${from.cluster}, topic, partition, "offset", key, headers, decode(value, 'hex'),
             ${from.recordedAt.toISOString()} from consumed, grown
    ), logged as (
      insert into log_leaf (log_id, index, entry, event_id, salt)
      select log_id, before + nth - 1, decode(entry, 'hex'), event_id, decode(salt, 'hex') from consumed, grown
    ), run as (
      select division, string_to_array(ids, ',')::uuid[] as event_ids
      from unnest(${runs.map(({ division }) => division)}::text[],
                  ${runs.map(({ eventIds }) => eventIds.join(','))}::text[]) as r (division, ids)
    ), moved as (
      insert into division_end as last (division, number) select division, cardinality(event_ids) from run, grown
      on conflict (division) do update set number = last.number + excluded.number returning division, number
    ), numbered as (
      insert into entry_run (division, first_number, event_ids, recorded_at)
      select division, number - cardinality(event_ids) + 1, event_ids, ${from.recordedAt.toISOString()}
      from run join moved using (division)
    )
    select pg_notify(${NEWS}, division) from moved`;
  if (told.length === 0) throw new Error('no log is open');
}

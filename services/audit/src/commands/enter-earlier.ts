import type { Tx } from '@erx/postgres';
import { NATION } from '../domain/divisions.ts';
import { makeLeaves } from '../store/log-leaf.ts';
import { lastNumber, numbered } from '../store/numbering.ts';

const BATCH = 500n;

/**
 * Enters into a log that has just begun what no earlier log holds under a checkpoint: events recorded before there was
 * a log, or after the last checkpoint of one that ended. In the order of their recording.
 */
export async function enterEarlier(tx: Tx, logId: number): Promise<void> {
  const end = await lastNumber(tx.sql, NATION);
  for (let after = 0n; after < end; after += BATCH) {
    const events = await tx.sql<{ id: string; type: string; value: Uint8Array }[]>`
      select event_id as id, type, value
      from ${numbered(tx.sql, NATION, after, after + BATCH)} as numbered join entry using (event_id)
      where not exists (
        select from log_leaf where log_leaf.event_id = entry.event_id and index < (
          select max(size) from log_checkpoint where log_checkpoint.log_id = log_leaf.log_id))
      order by number`;
    const leaves = makeLeaves(events);
    await tx.sql`
      with grown as (
        update log set size = size + ${events.length} where log_id = ${logId} returning size - ${events.length} as before
      )
      insert into log_leaf (log_id, index, entry, event_id, salt)
      select ${logId}, before + nth - 1, decode(entry, 'hex'), event_id, decode(salt, 'hex')
      from grown, unnest(${leaves.map(({ entry }) => Buffer.from(entry).toString('hex'))}::text[],
                         ${events.map(({ id }) => id)}::uuid[],
                         ${leaves.map(({ salt }) => Buffer.from(salt).toString('hex'))}::text[])
        with ordinality as leaf (entry, event_id, salt, nth)`;
  }
}

import type { Sql } from '@erx/postgres';
import { numberIn } from './numbering.ts';

/** An event with its leaf in the newest log that holds it. */
export type LoggedEvent = {
  eventId: string;
  type: string;
  value: Uint8Array;
  logId: number;
  index: number;
  leaf: Uint8Array;
  salt: Uint8Array;
  inDivision: boolean;
};

export async function findLogged(sql: Sql, eventId: string, division: string): Promise<LoggedEvent | undefined> {
  const [row] = await sql<(Omit<LoggedEvent, 'index'> & { index: bigint })[]>`
    select event_id as "eventId", type, value, log_id as "logId", index, log_leaf.entry as leaf, salt,
           ${numberIn(sql, division)} is not null as "inDivision"
    from entry join log_leaf using (event_id) where event_id = ${eventId} order by log_id desc limit 1`;
  return row && { ...row, index: Number(row.index) };
}

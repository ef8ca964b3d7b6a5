import type { ConsumedEvent } from '@erx/messaging';
import type { Sql, Tx } from '@erx/postgres';
import { historyKeysOf } from '../domain/history-keys.ts';
import { numberIn } from './numbering.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Notes under what each event will be found: one statement for all of them. */
export async function indexHistory(tx: Tx, events: readonly ConsumedEvent[]): Promise<void> {
  const keyed = events.map(({ id, type, key, payload }) => ({
    id,
    prescriptionId: key,
    ...historyKeysOf(type, payload),
  }));
  // A key that is no id names no prescription: the event must not be lost for it.
  const ofPrescriptions = keyed.filter(({ prescriptionId }) => UUID.test(prescriptionId));
  const names = ofPrescriptions.flatMap(({ prescriptionId, names }) => names.map((key) => ({ key, prescriptionId })));
  const mentions = keyed.flatMap(({ id, mentions }) => mentions.map((key) => ({ key, id })));
  if (names.length + mentions.length === 0) return;
  // In order: two batches that name the same never wait for each other in a circle.
  await tx.sql`
    with named as (
      insert into history_name (key, prescription_id)
      select distinct key, prescription_id
      from unnest(${names.map(({ key }) => key)}::text[],
                  ${names.map(({ prescriptionId }) => prescriptionId)}::uuid[]) as name (key, prescription_id)
      order by key, prescription_id on conflict do nothing)
    insert into history_mention (key, event_id)
    select distinct key, event_id
    from unnest(${mentions.map(({ key }) => key)}::text[], ${mentions.map(({ id }) => id)}::uuid[])
      as mention (key, event_id)
    order by key, event_id on conflict do nothing`;
}

/** An entry of a history; `prescriptionId` empty: beside every prescription. */
export type HistoryRow = {
  item: string;
  eventId: string;
  type: string;
  headers: string;
  value: Uint8Array;
  prescriptionId: string;
  inDivision: boolean;
};

export type HistoryQuestion = {
  key: string;
  /** Items with a greater id only; '' from the beginning. */
  after: string;
  limit: number;
  division: string;
};

/**
 * The events found under a key, a page of items at a time. An item is a prescription with everything about it (events
 * told under its id, refusals of acts on it or its sales, movements of the packs that it took), or one event beside
 * prescriptions. Ids of both grow with time, so that later events never move a page.
 */
export function readHistoryRows(sql: Sql, { key, after, limit, division }: HistoryQuestion): PromiseLike<HistoryRow[]> {
  return sql<HistoryRow[]>`
    with item as (
      select id, is_prescription
      from (
        select prescription_id as id, true as is_prescription from history_name where key = ${key}
        union
        -- What is about a prescription comes with it; what is about a person stands beside it.
        select event_id, false from history_mention as mention
        where key = ${key}
          and (key like 'person:%' or not exists (select from history_name as name where name.key = mention.key))
      ) as found
      where id > ${after === '' ? '00000000-0000-0000-0000-000000000000' : after}::uuid
      order by id limit ${limit}
    ), told as (
      select item.id, entry.event_id, item.id as prescription_id
      from item join entry on entry.key = item.id::text where is_prescription
      union
      select item.id, mention.event_id, case when mention.key like 'id:%' then item.id end
      from item join history_name as name on name.prescription_id = item.id
      join history_mention as mention using (key)
      where is_prescription and (key like 'id:%' or key like 'code:%')
      union
      select id, id, null from item where not is_prescription
    )
    select told.id as item, event_id as "eventId", type, headers, value,
           coalesce(prescription_id::text, '') as "prescriptionId",
           ${numberIn(sql, division)} is not null as "inDivision"
    from told join entry using (event_id)
    order by told.id`;
}

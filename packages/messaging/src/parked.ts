import { type Database, inTransaction, type Sql } from '@erx/postgres';
import type { KafkaMessage } from 'kafkajs';
import { headerTexts, UndecodableError } from './decode-event.ts';

type Source = { topic: string; partition: number };

/** A message that a consumer could not take, with the reason. */
export type Parked = {
  /** consumer/topic/partition/offset */
  id: string;
  /** As the message names it; empty when it names none. */
  type: string;
  key: string;
  reason: string;
  attempts: number;
  parkedAt: Date;
  /** Somebody asked to try it again, and its service has not yet done so. */
  isRetryWaiting: boolean;
};

/** Sets a message aside with the reason, once; nothing is skipped silently. */
export async function park(
  database: Database,
  consumer: string,
  source: Source,
  message: KafkaMessage,
  error: unknown,
): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx.sql`
      insert into parked (consumer, topic, partition, "offset", key, headers, payload, reason)
      values (${consumer}, ${source.topic}, ${source.partition}, ${message.offset}, ${message.key},
              ${JSON.stringify(headerTexts(message.headers))}, ${message.value}, ${reasonOf(error)})
      on conflict do nothing`;
  });
}

/** Foreign error texts may quote the values of a row; only our own are kept in full. */
export function reasonOf(error: unknown): string {
  return error instanceof UndecodableError ? error.message : `failed: ${(error as Error).name}`;
}

/** What is parked in a service's database, the oldest first. */
export async function listParked(sql: Sql): Promise<Parked[]> {
  // Instants come as text: drizzle has taken their parser from the client.
  const rows = await sql<(Omit<Parked, 'type' | 'parkedAt'> & { headers: string; parkedAt: string })[]>`
    select consumer || '/' || topic || '/' || partition || '/' || "offset" as id, headers,
           coalesce(encode(key, 'escape'), '') as key, reason, attempts, parked_at as "parkedAt",
           retry_requested_at is not null as "isRetryWaiting"
    from parked order by parked_at, topic, partition, "offset"`;
  return rows.map(({ headers, parkedAt, ...row }) => {
    const { ce_type: type = '' } = JSON.parse(headers) as Record<string, string>;
    return { ...row, type, parkedAt: new Date(parkedAt) };
  });
}

/** Asks the service to try a parked message again. */
export async function askForRetry(sql: Sql, id: string): Promise<void> {
  const [consumer = '', topic = '', partition = '', offset = ''] = id.split('/');
  await sql`
    update parked set retry_requested_at = now()
    where consumer = ${consumer} and topic = ${topic} and partition = ${partition}::integer
      and "offset" = ${offset}::bigint`;
}

import { type Database, inTransaction } from '@erx/postgres';
import type { KafkaMessage } from 'kafkajs';
import { headerTexts, UndecodableError } from './decode-event.ts';

/** Sets a message aside with the reason, once; nothing is skipped silently. */
export async function park(
  database: Database,
  consumer: string,
  source: { topic: string; partition: number },
  message: KafkaMessage,
  error: unknown,
): Promise<void> {
  // Foreign error texts may quote the values of a row; only our own are kept in full.
  const reason = error instanceof UndecodableError ? error.message : `failed: ${(error as Error).name}`;
  await inTransaction(database, async (tx) => {
    await tx.sql`
      insert into parked (consumer, topic, partition, "offset", key, headers, payload, reason)
      values (${consumer}, ${source.topic}, ${source.partition}, ${message.offset}, ${message.key},
              ${JSON.stringify(headerTexts(message.headers))}, ${message.value}, ${reason})
      on conflict do nothing`;
  });
}

import { openClient } from '@erx/postgres';
import { topics } from '@erx/proto/topics';
import postgres from 'postgres';
import { openKafka } from './kafka.ts';
import { openPublisher } from './publisher.ts';
import { markPublished, nextWaiting } from './waiting-rows.ts';

/**
 * Fills the new topics of a restored hub from one service's outbox, in order: everything that a topic would still hold.
 * Whoever had an event already has it in its inbox, so nothing takes effect twice. No service may run. Gives the count.
 */
export async function republishOutbox(url: string, brokers: readonly string[], service: string): Promise<number> {
  const client = openClient(url, { max: 1, types: { bigint: postgres.BigInt }, onnotice: () => {} });
  const publisher = await openPublisher(openKafka(brokers, `${service}-republish`), service);
  try {
    for (const [topic, { retentionMs }] of Object.entries(topics)) {
      const since = retentionMs === 'compacted' ? new Date(0) : new Date(Date.now() - retentionMs);
      await client`
        update outbox set published_at = null
        where topic = ${topic} and published_at is not null and created_at >= ${since.toISOString()}::timestamptz`;
    }
    for (let count = 0; ; ) {
      const rows = await nextWaiting(client);
      if (rows.length === 0) return count;
      await publisher.send(rows);
      await markPublished(client, rows);
      count += rows.length;
    }
  } finally {
    await publisher[Symbol.asyncDispose]();
    await client.end({ timeout: 5 });
  }
}

import { openClient } from '@erx/postgres';
import postgres from 'postgres';
import { openKafka } from './kafka.ts';
import { openPublisher } from './publisher.ts';
import { markPublished, nextWaiting } from './waiting-rows.ts';

/**
 * Fills the new topics of a restored hub from one service's outbox, in order; an outbox holds what its topics remember.
 * Whoever had an event already has it in its inbox, so nothing takes effect twice. No service may run. Gives the count.
 */
export async function republishOutbox(url: string, brokers: readonly string[], service: string): Promise<number> {
  const client = openClient(url, { max: 1, types: { bigint: postgres.BigInt }, onnotice: () => {} });
  const publisher = await openPublisher(openKafka(brokers, `${service}-republish`), service);
  try {
    await client`insert into restored values (now())`;
    await client`update outbox set published_at = null where published_at is not null`;
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

import { topics } from '@erx/proto/topics';
import type { Producer } from 'kafkajs';
import { type Cluster, openFencedProducer, openProducer } from './kafka.ts';

/** A row of the outbox. */
export type Row = { seq: bigint; topic: string; key: string; headers: string; payload: Uint8Array };

export type Publisher = AsyncDisposable & { send(rows: readonly Row[]): Promise<void> };

/**
 * Sends rows of the outbox in order. A publisher that was frozen and wakes up may send again what its successor sent
 * long ago: where every event has its effect once that is harmless, but a compacted topic keeps the last message of a
 * key, and that must not be an old one. So these are sent in transactions under the service's own name, and the first
 * one of a successor shuts out everybody before it.
 */
export async function openPublisher(cluster: Cluster, service: string): Promise<Publisher> {
  const plain = openProducer(cluster);
  let fenced: Producer | undefined;
  await plain.connect();
  return {
    async send(rows) {
      const compacted = rows.filter(isCompacted);
      const history = rows.filter((row) => !isCompacted(row));
      if (history.length > 0) await plain.sendBatch(batchOf(cluster, history));
      if (compacted.length === 0) return;
      if (fenced === undefined) {
        fenced = openFencedProducer(cluster, `erx.${service}.relay`);
        await fenced.connect();
      }
      const transaction = await fenced.transaction();
      try {
        await transaction.sendBatch(batchOf(cluster, compacted));
        await transaction.commit();
      } catch (error) {
        await transaction.abort().catch(() => {});
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([plain, fenced].map((producer) => producer?.disconnect().catch(() => {})));
    },
  };
}

function isCompacted({ topic }: Row): boolean {
  return Object.entries(topics).some(([name, { retentionMs }]) => name === topic && retentionMs === 'compacted');
}

function batchOf(cluster: Cluster, rows: readonly Row[]) {
  const byTopic = Map.groupBy(rows, (row) => row.topic);
  return {
    acks: -1,
    topicMessages: [...byTopic].map(([topic, list]) => ({
      topic: cluster.qualify(topic),
      messages: list.map((row) => ({
        key: row.key,
        value: Buffer.from(row.payload),
        headers: JSON.parse(row.headers) as Record<string, string>,
      })),
    })),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Topic } from '@erx/proto/topics';
import type { Logger } from '@erx/telemetry';
import { uuidv7 } from 'uuidv7';
import { type ConsumedEvent, decodeEvent } from './decode-event.ts';
import { openConsumer, openKafka } from './kafka.ts';

export type CompactedReader = AsyncDisposable & {
  /** Resolves when everything that stood in the topics at the start has been read. */
  ready: Promise<void>;
};

const ANSWERS_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 200;

/**
 * Reads compacted topics from their beginning and stays. Each process start is a group of its own, so that every
 * replica sees everything. `onEvent` must bear seeing an event again.
 */
export async function readCompacted(options: {
  brokers: readonly string[];
  service: string;
  topics: readonly Topic[];
  onEvent: (event: ConsumedEvent) => void;
  log: Logger;
}): Promise<CompactedReader> {
  const cluster = openKafka(options.brokers, `${options.service}-reference`);
  const group = `erx.${options.service}.reference.${uuidv7()}`;
  const admin = cluster.kafka.admin();
  await admin.connect();
  const names = new Map(options.topics.map((topic) => [cluster.qualify(topic), topic]));
  const missing = await untilAnswered(() => endOffsets(admin, [...names.keys()]));
  const consumer = openConsumer(cluster, group);
  const ready = Promise.withResolvers<void>();
  if (missing.size === 0) ready.resolve();
  // Told of every stretch, also of one that holds nothing for a reader: the mark at a transaction's end stands last.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
    const name = `${topic}/${partition}`;
    const end = missing.get(name);
    if (end !== undefined && BigInt(lastOffset) + 1n >= end) missing.delete(name);
    if (missing.size === 0) ready.resolve();
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...names.keys()], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) {
        try {
          options.onEvent(decodeEvent(names.get(batch.topic) ?? '', batch.partition, message));
        } catch (error) {
          options.log.error({ err: error, topic: batch.topic, offset: message.offset }, 'reference event not usable');
        }
      }
    },
  });
  return {
    ready: ready.promise,
    async [Symbol.asyncDispose]() {
      await consumer.disconnect();
      await admin.deleteGroups([cluster.qualify(group)]).catch(() => {});
      await admin.disconnect();
    },
  };
}

/** A broker that comes back serves its partitions one after the other: a service that starts meanwhile waits. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + ANSWERS_WITHIN_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** End offset of every partition that holds anything. */
async function endOffsets(
  admin: { fetchTopicOffsets(topic: string): Promise<{ partition: number; low: string; high: string }[]> },
  topics: readonly string[],
): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  return ends;
}

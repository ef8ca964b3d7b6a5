import { setTimeout as sleep } from 'node:timers/promises';
import type { Topic } from '@erx/proto/topics';
import type { Logger } from '@erx/telemetry';
import type { Admin, Consumer } from 'kafkajs';
import { uuidv7 } from 'uuidv7';
import { type ConsumedEvent, decodeEvent } from './decode-event.ts';
import { type Cluster, openConsumer, openKafka } from './kafka.ts';
import { keepConsuming } from './lasting-consumer.ts';

export type CompactedReader = AsyncDisposable & {
  /** Resolves when everything that stood in the topics at the start has been read. */
  ready: Promise<void>;
  /** The last moment at which the broker had nothing that was not read; undefined before the first. */
  currentAt(): Date | undefined;
};

const LOOK_AGAIN_MS = 300;

/**
 * Reads compacted topics from their beginning and stays. Each process start is a group of its own, so that every
 * replica sees everything. `onEvent` must bear seeing an event again. Waits for a broker that is away.
 */
export async function readCompacted(options: {
  brokers: readonly string[];
  service: string;
  topics: readonly Topic[];
  onEvent: (event: ConsumedEvent) => void;
  log: Logger;
}): Promise<CompactedReader> {
  const { service, topics, onEvent, log } = options;
  const cluster = openKafka(options.brokers, `${service}-reference`);
  const group = `erx.${service}.reference.${uuidv7()}`;
  const names = new Map(topics.map((topic) => [cluster.qualify(topic), topic]));
  const missing = await untilAnswered(cluster, log, (admin) => endOffsets(admin, [...names.keys()]));
  const ready = Promise.withResolvers<void>();
  let currentAt: Date | undefined;
  if (missing.size === 0) ready.resolve();

  const watch = (consumer: Consumer): void => {
    const { END_BATCH_PROCESS, FETCH } = consumer.events;
    // Told of every stretch, also of one that holds nothing for a reader: the mark at a transaction's end stands last.
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
      const name = `${topic}/${partition}`;
      const end = missing.get(name);
      if (end !== undefined && BigInt(lastOffset) + 1n >= end) missing.delete(name);
      if (missing.size === 0) ready.resolve();
    });
    consumer.on(FETCH, ({ payload: { numberOfBatches } }) => {
      if (numberOfBatches === 0) currentAt = new Date();
    });
  };
  const reading = keepConsuming({
    name: `${service}-reference`,
    log,
    open: () => openConsumer(cluster, group),
    async begin(consumer) {
      watch(consumer);
      await consumer.subscribe({ topics: [...names.keys()], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const message of batch.messages) {
            try {
              onEvent(decodeEvent(names.get(batch.topic) ?? '', batch.partition, message));
            } catch (error) {
              log.error({ err: error, topic: batch.topic, offset: message.offset }, 'reference event not usable');
            }
          }
        },
      });
    },
  });
  return {
    ready: ready.promise,
    currentAt: () => currentAt,
    async [Symbol.asyncDispose]() {
      await reading[Symbol.asyncDispose]();
      const admin = cluster.kafka.admin({ retry: { retries: 0 } });
      await admin
        .connect()
        .then(() => admin.deleteGroups([cluster.qualify(group)]))
        .catch(() => {}); // the broker forgets it by itself, only later
      await admin.disconnect().catch(() => {});
    },
  };
}

/** A broker that comes back serves its partitions one after the other: a service that starts meanwhile waits. */
async function untilAnswered<T>(cluster: Cluster, log: Logger, ask: (admin: Admin) => Promise<T>): Promise<T> {
  for (;;) {
    const admin = cluster.kafka.admin({ retry: { retries: 2 } });
    try {
      await admin.connect();
      return await ask(admin);
    } catch (error) {
      log.warn({ err: error }, 'waiting for the broker');
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** End offset of every partition that holds anything. */
async function endOffsets(admin: Admin, topics: readonly string[]): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  return ends;
}

import type { Topic } from '@erx/proto/topics';
import { beforeReading, metrics } from '@erx/telemetry';
import type { Consumer } from 'kafkajs';

export type ConsumerFigures = Disposable & {
  /** Listens to a client; to each that takes the place of an earlier one. `names`: topics by their name on the cluster. */
  follow(consumer: Consumer, names: ReadonlyMap<string, Topic>): void;
  /** When the event that is applied now was published (ms); undefined: none is. */
  atWork(topic: Topic, partition: number, publishedMs: number | undefined): void;
};

/** How far behind a consumer is: in events, in time, and since when it has not heard of the broker. */
export function watchConsumer(name: string): ConsumerFigures {
  const behind = new Map<Topic, Map<number, number>>();
  const atWork = new Map<string, number>();
  let heardMs = Date.now();
  const note = (topic: Topic | undefined, partition: number, events: number): void => {
    if (topic === undefined) return;
    const partitions = behind.get(topic) ?? new Map<number, number>();
    behind.set(topic, partitions.set(partition, events));
  };
  const reading = beforeReading(async () => {
    const now = Date.now();
    const oldestMs = Math.min(now, ...atWork.values());
    metrics.consumerOldest.set({ consumer: name }, (now - oldestMs) / 1_000);
    metrics.consumerSilent.set({ consumer: name }, (now - heardMs) / 1_000);
    for (const [topic, partitions] of behind) {
      const events = [...partitions.values()].reduce((sum, each) => sum + each, 0);
      metrics.consumerLag.set({ consumer: name, topic }, events);
    }
  });
  return {
    follow(consumer, names) {
      const { FETCH, HEARTBEAT, GROUP_JOIN, START_BATCH_PROCESS, END_BATCH_PROCESS } = consumer.events;
      for (const event of [FETCH, HEARTBEAT] as const) {
        consumer.on(event, () => {
          heardMs = Date.now();
        });
      }
      // Partitions change hands: those of another process are its business.
      consumer.on(GROUP_JOIN, () => {
        for (const partitions of behind.values()) partitions.clear();
      });
      consumer.on(START_BATCH_PROCESS, ({ payload: { topic, partition, offsetLag, batchSize } }) =>
        note(names.get(topic), partition, Number(offsetLag) + batchSize),
      );
      consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, offsetLag } }) =>
        note(names.get(topic), partition, Number(offsetLag)),
      );
    },
    atWork(topic, partition, publishedMs) {
      const source = `${topic}/${partition}`;
      if (publishedMs === undefined) atWork.delete(source);
      else atWork.set(source, publishedMs);
    },
    [Symbol.dispose]: () => reading[Symbol.dispose](),
  };
}

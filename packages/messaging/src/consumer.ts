import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, inTransaction, isTransient, type Tx } from '@erx/postgres';
import type { EventPayload, EventType, Topic } from '@erx/proto/topics';
import { type Logger, metrics, withTraceparent } from '@erx/telemetry';
import type { EachBatchPayload } from 'kafkajs';
import { type ConsumerFigures, watchConsumer } from './consumer-figures.ts';
import { type ConsumedEvent, decodeEvent, headerTexts, UndecodableError } from './decode-event.ts';
import { inApplySpan } from './event-spans.ts';
import { type Arrival, type GatherAndApply, gatherArrivals } from './gather-arrivals.ts';
import { enterInbox } from './inbox.ts';
import { openConsumer, openKafka, type Patience } from './kafka.ts';
import { keepConsuming } from './lasting-consumer.ts';
import { keepOffsets, type OffsetKeeper } from './offset-keeper.ts';
import { park } from './parked.ts';
import { startRedrive } from './redrive.ts';

export type { ConsumedEvent };
export type Consumer = AsyncDisposable;

/** Applies new events, in order, inside the transaction that also holds their inbox rows. */
export type Apply = (tx: Tx, events: readonly ConsumedEvent[]) => Promise<void>;

type Handlers = { [T in EventType]?: (tx: Tx, event: ConsumedEvent & { payload: EventPayload<T> }) => Promise<void> };

/** One function per event type; types without one have no effect here. */
export function dispatch(handlers: Handlers): Apply {
  return async (tx, events) => {
    for (const event of events) {
      const handle = handlers[event.type] as ((tx: Tx, event: ConsumedEvent) => Promise<void>) | undefined;
      if (handle !== undefined) await inApplySpan(event, () => handle(tx, event));
    }
  };
}

export type ConsumerOptions = {
  /** Name of the consumer: its group, and its rows in the inbox. */
  name: string;
  database: Database;
  brokers: readonly string[];
  topics: readonly Topic[];
  apply: Apply;
  /** For a consumer that nobody waits for: fewer and larger transactions. */
  patience?: Patience;
  log: Logger;
};

const CHUNK = 100;
const ATTEMPTS_BEFORE_PARKING = 3;
const PARTITIONS_AT_ONCE = 64;

/**
 * Reads topics as one member of a group. Effects happen once: the inbox row is part of their transaction, offsets are
 * committed some time afterwards. Trouble that may pass (database away, contention) is waited out; an event that cannot
 * be decoded, or fails for itself three times, is parked with its reason and the partition goes on.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const cluster = openKafka(options.brokers, options.name);
  const names = new Map(options.topics.map((topic) => [cluster.qualify(topic), topic]));
  const stopping = new AbortController();
  const open = () => openConsumer(cluster, `erx.${options.name}`, options.patience);
  let current = open();
  const offsets = keepOffsets(() => current, options.log);
  const gather = gatherArrivals(CHUNK, (arrivals) => applyAll(options, arrivals, stopping.signal));
  const figures = watchConsumer(options.name);
  const consuming = keepConsuming({
    name: options.name,
    log: options.log,
    open: () => {
      current = open();
      return current;
    },
    async begin(consumer) {
      figures.follow(consumer, names);
      await consumer.subscribe({ topics: [...names.keys()], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: (payload) =>
          consumeBatch(gather, names.get(payload.batch.topic) as Topic, payload, stopping.signal, offsets, figures),
      });
    },
  });
  const redrive = startRedrive(options);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await offsets[Symbol.asyncDispose]();
      await Promise.all([redrive[Symbol.asyncDispose](), consuming[Symbol.asyncDispose]()]);
      figures[Symbol.dispose]();
    },
  };
}

async function consumeBatch(
  gather: GatherAndApply,
  topic: Topic,
  { batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload,
  stop: AbortSignal,
  offsets: OffsetKeeper,
  figures: ConsumerFigures,
): Promise<void> {
  const { partition } = batch;
  try {
    for (let from = 0; from < batch.messages.length; from += CHUNK) {
      if (stop.aborted || !isRunning() || isStale()) return;
      const messages = batch.messages.slice(from, from + CHUNK);
      figures.atWork(topic, partition, Number(messages[0]?.timestamp));
      await gather(messages.map((message) => ({ topic, partition, message, heartbeat })));
      const last = messages.at(-1);
      if (stop.aborted || last === undefined) return;
      resolveOffset(last.offset);
      offsets.done(batch.topic, partition, last.offset);
      await heartbeat();
    }
  } finally {
    figures.atWork(topic, partition, undefined);
  }
}

/** All in one transaction; when that fails for a reason of its own, message by message. */
async function applyAll(options: ConsumerOptions, arrivals: readonly Arrival[], stop: AbortSignal): Promise<void> {
  const [first] = arrivals;
  if (first === undefined) return;
  for (let attempt = 1; !stop.aborted; attempt += 1) {
    try {
      await applyOnce(options, arrivals);
      return;
    } catch (error) {
      if (isTransient(error)) {
        options.log.warn({ err: error, topic: first.topic }, 'waiting for the database');
        await waitWithHeartbeat(attempt, first.heartbeat, stop);
      } else if (arrivals.length > 1) {
        for (const arrival of arrivals) await applyAll(options, [arrival], stop);
        return;
      } else if (error instanceof UndecodableError || attempt >= ATTEMPTS_BEFORE_PARKING) {
        const { topic, partition, message } = first;
        withTraceparent(headerTexts(message.headers)['traceparent'], () =>
          options.log.error({ err: error, topic, partition, offset: message.offset }, 'event parked'),
        );
        await park(options.database, options.name, { topic, partition }, message, error);
        return;
      } else {
        await waitWithHeartbeat(attempt, first.heartbeat, stop);
      }
    }
  }
}

async function applyOnce(options: ConsumerOptions, arrivals: readonly Arrival[]): Promise<void> {
  const events = arrivals.map(({ topic, partition, message }) => decodeEvent(topic, partition, message));
  const applied = await inTransaction(options.database, async (tx) => {
    const fresh = await enterInbox(tx, options.name, events);
    if (fresh.length > 0) await options.apply(tx, fresh);
    return fresh;
  });
  for (const { topic } of applied) metrics.applied.inc({ consumer: options.name, topic });
}

async function waitWithHeartbeat(attempt: number, heartbeat: () => Promise<void>, stop: AbortSignal): Promise<void> {
  await sleep(Math.min(2_000, 100 * 2 ** Math.min(attempt, 5)), undefined, { signal: stop }).catch(() => {});
  if (!stop.aborted) await heartbeat().catch(() => {});
}

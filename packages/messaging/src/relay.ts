import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@erx/postgres';
import type { Logger } from '@erx/telemetry';
import type { Producer } from 'kafkajs';
import postgres from 'postgres';
import { type Cluster, openKafka, openProducer } from './kafka.ts';

export type Relay = AsyncDisposable;

type Row = { seq: bigint; topic: string; key: string; headers: string; payload: Uint8Array };

const BATCH = 500;
const PING_MS = 1_000;
const RELAY_LOCK = 0x6572_78_02;

/**
 * Publishes the outbox in order, one active relay per database. The session that holds the lock also reads and marks
 * rows and is pinged each second; the server ends it after 5 s of silence, so a frozen holder loses lock and writes.
 */
export function startRelay(options: {
  database: Database;
  brokers: readonly string[];
  service: string;
  log: Logger;
}): Relay {
  const stopping = new AbortController();
  const running = relayUntilStopped(options, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

async function relayUntilStopped(
  { database, brokers, service, log }: Parameters<typeof startRelay>[0],
  stop: AbortSignal,
): Promise<void> {
  const cluster = openKafka(brokers, `${service}-relay`);
  while (!stop.aborted) {
    const client = postgres(database.url, {
      max: 1,
      connect_timeout: 5,
      types: { bigint: postgres.BigInt },
      connection: { application_name: `erx-${service}-relay`, idle_session_timeout: 5_000, statement_timeout: 10_000 },
      onnotice: () => {},
    });
    const producer = openProducer(cluster);
    try {
      await producer.connect();
      await holdAndRelay(client, (rows) => publish(producer, cluster, rows), stop);
    } catch (error) {
      if (!stop.aborted) log.warn({ err: error }, 'relay interrupted, starts again');
      await sleep(300, undefined, { signal: stop }).catch(() => {});
    } finally {
      await producer.disconnect().catch(() => {});
      await client.end({ timeout: 1 }).catch(() => {});
    }
  }
}

async function holdAndRelay(
  client: postgres.Sql<{ bigint: bigint }>,
  send: (rows: readonly Row[]) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const waiter = new Wakeup();
  const session = await client.reserve();
  const listener = postgresListener(client, waiter);
  try {
    while (!stop.aborted) {
      const [lock] = await session<{ held: boolean }[]>`select pg_try_advisory_lock(${RELAY_LOCK}) as held`;
      if (lock?.held) break;
      await sleep(PING_MS, undefined, { signal: stop }).catch(() => {});
    }
    await listener.start();
    while (!stop.aborted) {
      const rows = await session<Row[]>`
        select seq, topic, key, headers, payload from outbox
        where published_at is null order by seq limit ${BATCH}`;
      if (rows.length === 0) {
        await waiter.wait(PING_MS, stop);
        continue;
      }
      await send(rows);
      await session`update outbox set published_at = now() where seq = any(${rows.map((row) => row.seq.toString())}::bigint[])`;
    }
  } finally {
    await listener.stop();
    session.release();
  }
}

async function publish(producer: Producer, cluster: Cluster, rows: readonly Row[]): Promise<void> {
  const byTopic = Map.groupBy(rows, (row) => row.topic);
  await producer.sendBatch({
    acks: -1,
    topicMessages: [...byTopic].map(([topic, list]) => ({
      topic: cluster.qualify(topic),
      messages: list.map((row) => ({
        key: row.key,
        value: Buffer.from(row.payload),
        headers: JSON.parse(row.headers) as Record<string, string>,
      })),
    })),
  });
}

/** NOTIFY arrives on a connection of its own; losing it only means that the next look happens by the clock. */
function postgresListener(client: postgres.Sql<{ bigint: bigint }>, waiter: Wakeup) {
  let unlisten: (() => Promise<void>) | undefined;
  return {
    async start() {
      unlisten = (await client.listen('outbox', () => waiter.wake())).unlisten;
    },
    async stop() {
      await unlisten?.().catch(() => {});
    },
  };
}

/** A wake-up that came before the wait is not lost. */
class Wakeup {
  #pending = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  async wait(timeoutMs: number, stop: AbortSignal): Promise<void> {
    if (!this.#pending) {
      const done = new AbortController();
      const woken = new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
      const timer = sleep(timeoutMs, undefined, { signal: AbortSignal.any([stop, done.signal]) }).catch(() => {});
      await Promise.race([woken, timer]);
      done.abort();
      this.#resolve = undefined;
    }
    this.#pending = false;
  }
}

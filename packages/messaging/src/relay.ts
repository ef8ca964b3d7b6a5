import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openClient, pauseBeforeConnecting } from '@erx/postgres';
import { type Logger, metrics } from '@erx/telemetry';
import postgres from 'postgres';
import { inPublishSpans } from './event-spans.ts';
import { openKafka } from './kafka.ts';
import { openPublisher, type Publisher, type Row } from './publisher.ts';
import { purge } from './purge.ts';
import { isCutShort, markPublished, nextWaiting } from './waiting-rows.ts';

export type Relay = AsyncDisposable;

const PING_MS = 1_000;
const PURGE_MS = 60 * 60 * 1_000;
const RELAY_LOCK = 0x6572_78_02;

/**
 * Publishes the outbox in order, one active relay per database. The session that holds the lock also reads and marks
 * rows and is pinged each second; the server ends it after 5 s of silence, so a frozen holder loses lock and writes.
 * Now and then it takes away rows that have had their time.
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
  const open = (settings: object) =>
    openClient(database.url, {
      max: 1,
      connect_timeout: 5,
      backoff: pauseBeforeConnecting,
      types: { bigint: postgres.BigInt },
      connection: { application_name: `erx-${service}-relay`, ...settings },
      onnotice: () => {},
    });
  while (!stop.aborted) {
    const worker = open({ idle_session_timeout: 5_000, statement_timeout: 10_000 });
    const listener = open({});
    let publisher: Publisher | undefined;
    try {
      publisher = await openPublisher(cluster, service);
      const { send } = publisher;
      const waiter = new Wakeup();
      // Losing the listening connection only means that the next look happens by the clock.
      await listener.listen('outbox', () => waiter.wake());
      await holdAndRelay({ client: worker, service, waiter, send, stop });
    } catch (error) {
      if (!stop.aborted) log.warn({ err: error }, 'relay interrupted, starts again');
      await sleep(300, undefined, { signal: stop }).catch(() => {});
    } finally {
      await publisher?.[Symbol.asyncDispose]();
      for (const client of [worker, listener]) await client.end({ timeout: 1 }).catch(() => {});
    }
  }
}

type Holding = {
  service: string;
  client: postgres.Sql<{ bigint: bigint }>;
  waiter: Wakeup;
  send: (rows: readonly Row[]) => Promise<void>;
  stop: AbortSignal;
};

async function holdAndRelay({ client, service, waiter, send, stop }: Holding): Promise<void> {
  const session = await client.reserve();
  try {
    while (!stop.aborted) {
      const [lock] = await session<{ held: boolean }[]>`select pg_try_advisory_lock(${RELAY_LOCK}) as held`;
      if (lock?.held) break;
      await sleep(PING_MS, undefined, { signal: stop }).catch(() => {});
    }
    let purgeAt = Date.now();
    while (!stop.aborted) {
      // A row that this look misses is committed later, and its notice comes later still.
      waiter.forget();
      const rows = await nextWaiting(session);
      if (rows.length > 0) {
        await inPublishSpans(rows, () => send(rows));
        await markPublished(session, rows);
        for (const { topic } of rows) metrics.published.inc({ service, topic });
      }
      if (isCutShort(rows)) continue;
      if (Date.now() >= purgeAt) purgeAt = Date.now() + ((await purge(session, new Date())) ? 0 : PURGE_MS);
      await waiter.wait(PING_MS, stop);
    }
  } finally {
    session.release();
  }
}

/** A wake-up that came before the wait is not lost. */
class Wakeup {
  #pending = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  forget(): void {
    this.#pending = false;
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

import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { openClient } from './address.ts';
import { pauseBeforeConnecting } from './database.ts';

/** The session that holds the lock. What the worker writes goes through it, so that whoever lost the lock writes nothing. */
export type Session = postgres.ReservedSql<{ bigint: bigint }>;

type Options = {
  url: string;
  name: string;
  /** Advisory lock of the database: one holder at a time. */
  lock: number;
  /**
   * Begins with a session that holds the lock. Gives what is done again and again: one piece of work, which gives the
   * milliseconds before the next, at most 2,000: the session must not fall silent.
   */
  begin(session: Session): Promise<() => Promise<number>>;
  /** The holder lost its session, or a piece of work failed: it begins anew. */
  onTrouble(error: unknown): void;
};

const LOOK_AGAIN_MS = 1_000;
const BEGIN_AGAIN_MS = 300;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Works as the only one of all processes of a service. The server ends a session after five seconds of silence, so
 * that a frozen holder loses lock and writes to the next one.
 */
export function startSoleWorker(options: Options): AsyncDisposable {
  const stopping = new AbortController();
  const running = workUntilStopped(options, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

async function workUntilStopped(options: Options, stop: AbortSignal): Promise<void> {
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop }).catch(() => {});
  while (!stop.aborted) {
    let isLost = false;
    const client = openClient(options.url, {
      max: 1,
      connect_timeout: 5,
      backoff: pauseBeforeConnecting,
      types: { bigint: postgres.BigInt },
      connection: { application_name: `erx-${options.name}`, idle_session_timeout: 5_000, statement_timeout: 15_000 },
      onnotice: () => {},
      onclose: () => {
        isLost = true;
      },
    });
    try {
      const session = await client.reserve();
      while (!stop.aborted) {
        const [lock] = await session<{ held: boolean }[]>`select pg_try_advisory_lock(${options.lock}) as held`;
        if (lock?.held) break;
        await pause(LOOK_AGAIN_MS);
      }
      const work = stop.aborted ? undefined : await options.begin(session);
      while (!stop.aborted && work !== undefined) {
        // A statement would say so itself, but there may be none in a piece of work.
        if (isLost) throw new Error('the session that holds the lock has ended');
        await pause(Math.min(await work(), LONGEST_PAUSE_MS));
      }
    } catch (error) {
      if (!stop.aborted) options.onTrouble(error);
      await pause(BEGIN_AGAIN_MS);
    } finally {
      await client.end({ timeout: 1 }).catch(() => {});
    }
  }
}

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;
const HEALTHY_MS = 30_000;

// What must not outlive this process, with the signal that ends it at once.
const living = new Map<ChildProcess, NodeJS.Signals>();

/** The last resort, when there is no time to stop in order. */
export function killAllKept(): void {
  for (const [child, signal] of living) child.kill(signal);
}

export type Kept = {
  readonly pid: number | undefined;
  /** The living process serves. */
  readonly serving: boolean;
  /** Resolves when the process serves for the first time. */
  readonly ready: Promise<void>;
  /** Ends it for good: `signal`, and after the grace by force. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
};

type Options = {
  start(): ChildProcess;
  /** Resolves when this process serves. */
  ready(child: ChildProcess): Promise<void>;
  /** Called whenever the process id changes. */
  onChange(): void;
  /** Ends the process at once; SIGKILL unless it needs something gentler. */
  force?: NodeJS.Signals;
  /** Given: a process that ends before it ever served fails the start by this error instead of being tried again. */
  firstStartFailed?(): Error;
};

/** Keeps a process running: a dead one is started again after 0.2 s, doubling to 5 s, reset after 30 s of health. */
export function keepAlive(options: Options): Kept {
  const force = options.force ?? 'SIGKILL';
  const stopping = new AbortController();
  const served = Promise.withResolvers<void>();
  served.promise.catch(() => {});
  let everServed = false;
  let child: ChildProcess | undefined;
  let server: ChildProcess | undefined;

  const attempt = async (): Promise<void> => {
    const current = options.start();
    const ended = untilEnded(current);
    child = current;
    living.set(current, force);
    options.onChange();
    options.ready(current).then(
      () => {
        everServed = true;
        if (child === current) server = current;
        served.resolve();
      },
      (error) => options.firstStartFailed && served.reject(error),
    );
    await ended;
    living.delete(current);
    child = undefined;
  };

  const loop = async (): Promise<void> => {
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      const since = Date.now();
      // A start can fail without a process, for example on a full disk: it is tried again like any other.
      const cause = await attempt().catch((error: Error) => error);
      if (stopping.signal.aborted) return;
      options.onChange();
      if (!everServed && options.firstStartFailed) return served.reject(cause ?? options.firstStartFailed());
      if (Date.now() - since > HEALTHY_MS) delay = FIRST_DELAY_MS;
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
    }
  };
  const running = loop();

  return {
    get pid() {
      return child?.pid;
    },
    get serving() {
      return child !== undefined && child === server;
    },
    ready: served.promise,
    async stop(signal, graceMs) {
      stopping.abort();
      child?.kill(signal);
      const timer = setTimeout(() => child?.kill(force), graceMs);
      const finalTimer = setTimeout(() => child?.kill('SIGKILL'), graceMs + 2_000);
      await running;
      clearTimeout(timer);
      clearTimeout(finalTimer);
    },
  };
}

/** Resolves when it serves. When that fails, or `signal` asks to end meanwhile, it is stopped and the reason thrown. */
export async function untilServing(
  kept: Kept,
  { signal, stopBy, graceMs }: { signal: AbortSignal; stopBy: NodeJS.Signals; graceMs: number },
): Promise<void> {
  const asked = Promise.withResolvers<never>();
  const end = (): void => asked.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([kept.ready, asked.promise]);
  } catch (error) {
    await kept.stop(stopBy, graceMs);
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => child.pid === undefined && resolve());
  });
}

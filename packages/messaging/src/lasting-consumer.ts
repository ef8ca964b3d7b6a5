import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@erx/telemetry';
import type { Consumer } from 'kafkajs';

/** It sends heartbeats and fetches several times in this time, whatever happens; else it hangs. */
const SILENT_MS = 45_000;
const LOOK_MS = 1_000;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;
const LEAVES_WITHIN_MS = 5_000;

/**
 * Keeps reading for good. The client ends a consumer without a word when it meets an error that it takes for final, and
 * not every such error is: a broker that is starting gives many. So one that ended or fell silent makes way for a new
 * one. `begin` subscribes and runs it.
 */
export function keepConsuming(options: {
  open(): Consumer;
  begin(consumer: Consumer): Promise<void>;
  name: string;
  log: Logger;
}): AsyncDisposable {
  const { open, begin, name, log } = options;
  const stop = new AbortController();
  const keep = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; !stop.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const consumer = open();
      const began = Date.now();
      try {
        await untilOver(consumer, () => begin(consumer), stop.signal);
      } catch (error) {
        log.warn({ err: error, consumer: name }, 'consumer interrupted, starts again');
      }
      await Promise.race([consumer.disconnect().catch(() => {}), sleep(LEAVES_WITHIN_MS)]);
      if (Date.now() - began > SILENT_MS) pause = FIRST_PAUSE_MS;
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = keep();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Throws why the consumer is over; resolves when it is asked to stop. */
async function untilOver(consumer: Consumer, begin: () => Promise<void>, stop: AbortSignal): Promise<void> {
  const { CRASH, HEARTBEAT, FETCH, GROUP_JOIN, END_BATCH_PROCESS } = consumer.events;
  let lastSign = Date.now();
  let crash: Error | undefined;
  for (const event of [HEARTBEAT, FETCH, GROUP_JOIN, END_BATCH_PROCESS] as const) {
    consumer.on(event, () => {
      lastSign = Date.now();
    });
  }
  consumer.on(CRASH, ({ payload: { error } }) => {
    crash = error;
  });
  const beginning = consumer.connect().then(begin);
  beginning.catch((error: Error) => {
    crash = error;
  });
  while (!stop.aborted) {
    if (crash !== undefined) throw crash;
    if (Date.now() - lastSign > SILENT_MS) throw new Error('the consumer fell silent');
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => {});
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@erx/telemetry';
import { type DeliverParts, deliverDue } from '../commands/deliver.ts';
import { takeUpNext } from '../commands/take-up.ts';
import { withWork } from '../store/subscription-store.ts';

type Parts = DeliverParts & { log: Logger };

const LOOK_AGAIN_MS = 500;

/**
 * Serves the subscriptions with an address: one run for each that has something to do, so that a slow receiver holds up
 * nobody else. Any number of processes may do it at once.
 */
export function startWebhooks(parts: Parts): AsyncDisposable {
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  const serve = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        for (const id of await withWork(parts.database.sql, parts.machine())) {
          if (running.has(id)) continue;
          running.set(
            id,
            serveOne(parts, id, stopping.signal).finally(() => running.delete(id)),
          );
        }
      } catch (error) {
        parts.log.warn({ err: error }, 'subscriptions wait for the database');
      }
      await sleep(LOOK_AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const serving = serve();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await serving;
      await Promise.all(running.values());
    },
  };
}

async function serveOne(parts: Parts, id: string, stop: AbortSignal): Promise<void> {
  try {
    for (let isBusy = true; isBusy && !stop.aborted; ) {
      const hasMoved = await takeUpNext(parts.database, id, parts.machine());
      isBusy = (await deliverDue(parts, id)) > 0 || hasMoved;
    }
  } catch (error) {
    parts.log.warn({ err: error, subscription: id }, 'subscription is served again later');
  }
}

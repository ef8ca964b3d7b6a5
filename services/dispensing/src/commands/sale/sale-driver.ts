import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { takeUp } from '../../store/sale-progress.ts';
import type { Lease } from '../../store/sale-store.ts';
import type { DriveDeps } from './drive-deps.ts';
import { driveSale } from './drive-sale.ts';
import type { SaleTiming } from './timing.ts';

export type SaleDriver = AsyncDisposable & {
  timing: SaleTiming;
  /** A lease for a sale that this process begins. */
  lease(): Lease;
  /** Drives it as far as it goes now. */
  drive(saleId: string, token: string): Promise<void>;
};

const AT_ONCE = 8;

/**
 * Drives the sales of this process, and takes up those that nobody drives any more: their process died, or a step got no
 * answer and its pause is over. Disposing it ends after the running steps; the rest is for the next process.
 */
export function startSaleDriver(deps: Omit<DriveDeps, 'stopping'>): SaleDriver {
  const { database, clock, timing, log } = deps;
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  function lease(): Lease {
    return { token: randomUUID(), until: new Date(clock.machine().getTime() + timing.leaseMs) };
  }

  function drive(saleId: string, token: string): Promise<void> {
    const driving = driveSale({ ...deps, stopping: stop.signal }, saleId, token)
      .catch((error: unknown) => log.warn({ err: error, saleId }, 'sale is left to its lease'))
      .finally(() => running.delete(driving));
    running.add(driving);
    return driving;
  }

  async function recover(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const mine = lease();
        const due = await takeUp(database, clock.machine(), mine, Math.max(0, AT_ONCE - running.size));
        for (const saleId of due) void drive(saleId, mine.token);
      } catch (error) {
        log.warn({ err: error }, 'unfinished sales could not be looked for');
      }
      await sleep(timing.lookMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  const recovering = recover();
  return {
    timing,
    lease,
    drive,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await recovering;
      await Promise.all(running);
    },
  };
}

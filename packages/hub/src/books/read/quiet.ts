import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '@erx/postgres';
import type { ServiceName } from '../../services.ts';
import { type Ledgers, lagging, readAllTraffic, readLedgers } from './ledgers.ts';
import type { Traffic } from './traffic.ts';

const AGAIN_MS = 250;

/**
 * Reads the ledgers at a moment at which nothing is under way: outboxes empty, every event consumed, no sale in flight,
 * and nothing happened while they were read. After `patienceMs` they are read as they are: what is under way then is
 * shown as a difference.
 */
export async function readWhenQuiet(sqls: Record<ServiceName, Sql>, patienceMs: number): Promise<Ledgers> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const before = await readAllTraffic(sqls);
    const last = Date.now() > deadline;
    if (last || ((await noSaleInFlight(sqls.dispensing)) && isQuiet(before))) {
      const ledgers = await readLedgers(sqls);
      if (last || (isQuiet(ledgers.traffic) && total(await readAllTraffic(sqls)) === total(before))) return ledgers;
    }
    await sleep(AGAIN_MS);
  }
}

/** Waits until nothing is under way: outboxes empty, every event consumed, no sale in flight. Throws after `patienceMs`. */
export async function untilQuiet(sqls: Record<ServiceName, Sql>, patienceMs: number): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const seen = await readAllTraffic(sqls);
    if ((await noSaleInFlight(sqls.dispensing)) && isQuiet(seen)) {
      // An event that went from waiting to published between two reads of the first look is counted by the second.
      const again = await readAllTraffic(sqls);
      if (isQuiet(again) && total(again) === total(seen)) return;
    }
    if (Date.now() > deadline) throw new Error(`the hub does not come to rest within ${patienceMs} ms`);
    await sleep(AGAIN_MS);
  }
}

function isQuiet(traffic: Record<ServiceName, Traffic>): boolean {
  return Object.values(traffic).every(({ waiting }) => waiting === 0n) && lagging(traffic).length === 0;
}

async function noSaleInFlight(dispensing: Sql): Promise<boolean> {
  const rows = await dispensing`
    select from sale where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING', 'REVERSING') limit 1`;
  return rows.length === 0;
}

/** Events ever written; it only grows. */
function total(traffic: Record<ServiceName, Traffic>): bigint {
  return Object.values(traffic)
    .flatMap(({ published, waiting }) => [...published.map(({ count }) => count), waiting])
    .reduce((sum, count) => sum + count, 0n);
}

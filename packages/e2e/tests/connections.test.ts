// PostgreSQL ends every session, or has no connection left: callers wait, no service ends, nothing is lost.
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@erx/postgres';
import { engines, eventually } from '@erx/testkit';
import { takeAllConnections } from '../src/all-connections.ts';
import { startUnderTrouble, type UnderTrouble } from '../src/under-trouble.ts';

/** Engines of its own are started, and clients are patient. */
const SLOW = { timeout: 600_000 };
const PAUSE_MS = 250;

let hub: UnderTrouble;
before(async () => {
  hub = await startUnderTrouble();
}, SLOW);
after(() => hub?.[Symbol.asyncDispose]());

test('GJ-6b all sessions of all services ended again and again: every sale comes to its end', SLOW, async () => {
  const admin = openDatabase(engines().adminUrl, 1, 'admin');
  await hub.through(async () => {
    for (let round = 0; round < 20; round += 1) {
      await sleep(PAUSE_MS);
      await admin.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    }
  });
  await admin.close();
});

test('GJ-6b no free connection: 503 with Retry-After, then every sale comes to its end', SLOW, async () => {
  await using all = await takeAllConnections(engines().adminUrl);
  await hub.through(async (refusals) => {
    await eventually(async () => refusals() >= 6, 50_000);
    await all[Symbol.asyncDispose]();
  });
});

// PostgreSQL ends every session, or has no connection left: callers wait, no service ends, nothing is lost.
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@erx/postgres';
import { engines, eventually } from '@erx/testkit';
import { openTaker } from '../src/take-connections.ts';
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

test('GJ-6b a server process that crashes takes all sessions along: every sale comes to its end', SLOW, async () => {
  const admin = openDatabase(engines().adminUrl, 1, 'admin');
  await hub.through(async () => {
    for (let crash = 0; crash < 3; crash += 1) {
      await sleep(4 * PAUSE_MS);
      // PostgreSQL trusts its shared memory no more, ends all its processes and recovers from the log.
      await eventually(async () => {
        const [other] = await admin.sql<{ pid: number }[]>`
          select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`;
        // A session that has ended since it was seen throws, and another one is looked for.
        return other !== undefined && process.kill(other.pid, 'SIGKILL');
      });
    }
    // The books are read by whoever comes first, also when the plays were over before the last crash.
    await eventually(() => admin.sql`select 1`);
  });
  await admin.close();
});

test(
  'GJ-6b no free connection, from the middle of the sales on: 503 with Retry-After, then each comes to its end',
  SLOW,
  async () => {
    const { dispensing } = hub.sandbox.hub.databases;
    await using closing = new AsyncDisposableStack();
    const { sql } = closing.adopt(openDatabase(dispensing, 1, 'test'), (it) => it.close());
    const taker = closing.use(await openTaker(engines().adminUrl));
    const [before] = await sql`select count(*) from sale`;
    await taker.takeFree();
    await hub.through(async (refusals) => {
      await eventually(async () => (await sql`select count(*) from sale`)[0]?.['count'] > before?.['count']);
      await taker.takeAll();
      await eventually(async () => refusals() >= 6, 50_000);
      await taker[Symbol.asyncDispose]();
    });
  },
);

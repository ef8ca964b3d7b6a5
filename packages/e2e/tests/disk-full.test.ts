// PostgreSQL has no room left for a service's events: callers get 503 with Retry-After, and go on when it has.
import { after, before, test } from 'node:test';
import { openDatabase } from '@erx/postgres';
import { eventually } from '@erx/testkit';
import { mountSmallDisk } from '../src/small-disk.ts';
import { startUnderTrouble, type UnderTrouble } from '../src/under-trouble.ts';

/** Engines of its own are started, and clients are patient. */
const SLOW = { timeout: 600_000 };

let hub: UnderTrouble;
before(async () => {
  hub = await startUnderTrouble();
}, SLOW);
after(() => hub?.[Symbol.asyncDispose]());

test('GJ-6b a disk without room: 503 with Retry-After, then every sale comes to its end', SLOW, async (t) => {
  await using closing = new AsyncDisposableStack();
  const { sql } = closing.adopt(openDatabase(hub.sandbox.hub.databases.dispensing, 1, 'test'), (it) => it.close());
  const disk = await mountSmallDisk(sql);
  if (disk === undefined) return t.skip('this user may not mount a small file system');
  closing.use(disk);
  await sql.unsafe(`create tablespace small location '${disk.folder}'`);
  await sql`alter table outbox set tablespace small`;
  disk.fill();
  await hub.through(async (refusals) => {
    await eventually(async () => refusals() >= 6, 50_000);
    disk.empty();
  });
  await sql`alter table outbox set tablespace pg_default`;
  await sql`drop tablespace small`;
});

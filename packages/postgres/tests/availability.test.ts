import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import test from 'node:test';
import { inTransaction, isTransient, migrate, openDatabase, pg } from '@erx/postgres';
import { eventually, freshDatabase } from '@erx/testkit';

const LIMIT = 2;

/** A role that may have so few connections as `LIMIT`; gives the address by which it comes. */
async function narrowRole(url: string): Promise<string> {
  const admin = openDatabase(url, 1, 'admin');
  const name = `narrow_${crypto.randomUUID().replaceAll('-', '')}`;
  await admin.sql.unsafe(`create role ${name} login password 'narrow' connection limit ${LIMIT}`);
  await admin.sql.unsafe('grant create on schema public to public');
  await admin.close();
  const narrow = new URL(url);
  narrow.username = name;
  narrow.password = 'narrow';
  return narrow.href;
}

test('GJ-6b a server without a free connection: what finds none may succeed later, and later it does', async () => {
  const url = await narrowRole(await freshDatabase('narrow'));
  const [holder, database] = [openDatabase(url, LIMIT, 'holder'), openDatabase(url, 4, 'late')];
  const release = Promise.withResolvers<void>();
  const taken = Array.from({ length: LIMIT }, () => Promise.withResolvers<void>());
  const holding = taken.map(({ resolve }) =>
    holder.sql.begin(async (sql) => {
      await sql`select 1`;
      resolve();
      await release.promise;
    }),
  );
  await Promise.all(taken.map(({ promise }) => promise));
  const thing = pg.pgTable('thing', { id: pg.integer().primaryKey() });
  for (const ask of [
    () => database.sql`select 1`,
    () => inTransaction(database, async (tx) => tx.sql`select 1`),
    () => database.db.select().from(thing),
  ]) {
    await assert.rejects(ask(), isTransient);
  }
  release.resolve();
  await Promise.all(holding);
  await holder.close();
  await eventually(async () => (await database.sql`select 1 as one`).length === 1);
  await database.close();
});

test('GJ-6b a service that starts while its server is away waits for it', async () => {
  const url = await narrowRole(await freshDatabase('away'));
  const [holder, database] = [openDatabase(url, LIMIT, 'holder'), openDatabase(url, 1, 'starting')];
  const taken = await Promise.all(Array.from({ length: LIMIT }, () => holder.sql.reserve()));
  let isMigrated = false;
  const migrating = migrate(database, []).then(() => {
    isMigrated = true;
  });
  await assert.rejects(
    eventually(async () => isMigrated, 1_000),
    'it must not begin without its database',
  );
  for (const each of taken) each.release();
  await holder.close();
  await migrating;
  await database.close();
});

test('GJ-6b a server that comes back after many vain attempts is noticed at once', async () => {
  const target = new URL(await freshDatabase('late'));
  const front = createServer((socket) => {
    const back = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [socket, back],
      [back, socket],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as { port: number };
  await new Promise((resolve) => front.close(resolve));
  const address = new URL(target);
  address.host = `127.0.0.1:${port}`;
  const database = openDatabase(address.href, 1, 'late');
  for (let attempt = 0; attempt < 9; attempt += 1) await assert.rejects(database.sql`select 1`, isTransient);
  await new Promise<void>((resolve) => front.listen(port, '127.0.0.1', resolve));
  const began = Date.now();
  await eventually(async () => (await database.sql`select 1 as one`).length === 1);
  assert.ok(Date.now() - began < 4_000, `${Date.now() - began} ms`);
  await database.close();
  front.close();
});

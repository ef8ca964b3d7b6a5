// What a client does when PostgreSQL ends its sessions. Whatever escapes as an error of nobody fails a test by itself, as
// it would end a service.
import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, inTransaction, isTransient, openDatabase, pg, query, startSoleWorker } from '@erx/postgres';
import { eventually, freshDatabase } from '@erx/testkit';

const account = pg.pgTable('account', { id: pg.integer().primaryKey(), fen: pg.bigint({ mode: 'bigint' }).notNull() });
const { sql: raw, eq } = query;
const ACCOUNTS = 10;

/** A database with accounts `n` and `n + ACCOUNTS` that always hold the same. */
async function bank(connections: number): Promise<{ database: Database; admin: Database } & AsyncDisposable> {
  const url = await freshDatabase('lost');
  const [database, admin] = [openDatabase(url, connections, 'lost'), openDatabase(url, 1, 'admin')];
  await admin.sql`create table account (id int primary key, fen bigint not null)`;
  await admin.sql`insert into account select n, 0 from generate_series(1, ${2 * ACCOUNTS}::int) as n`;
  const close = async () => void (await Promise.all([database.close(), admin.close()]));
  return { database, admin, [Symbol.asyncDispose]: close };
}

const endSessions = ({ sql }: Database) =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;

test('GJ-6b sessions ended by the server again and again: all is whole or undone, the pool stays wide', async () => {
  const connections = 4;
  await using opened = await bank(connections);
  const { database, admin } = opened;
  const add = { fen: raw`fen + 1` };
  const ways = [
    async (n: number) => void (await database.db.select().from(account).where(eq(account.id, n))),
    (n: number) =>
      inTransaction(database, async (tx) => {
        await tx.sql`update account set fen = fen + 1 where id = ${n}`;
        await tx.sql`update account set fen = fen + 1 where id = ${n + ACCOUNTS}`;
      }),
    (n: number) =>
      inTransaction(database, async (tx) => {
        const locking = tx.sql`select 1 from account where id = ${n} for update`.execute();
        await Promise.all([locking, tx.sql`select fen from account where id = any(${[n]}::int[])`]);
        await sleep(n); // as a caller does that computes: the end comes between two statements
        await tx.db.update(account).set(add).where(eq(account.id, n));
        await tx.db
          .update(account)
          .set(add)
          .where(eq(account.id, n + ACCOUNTS));
      }),
  ];
  let isOver = false;
  let done = 0;
  const workers = Array.from({ length: ACCOUNTS }, async (_, index) => {
    while (!isOver) {
      try {
        await ways[index % ways.length]?.(index + 1);
        done += 1;
      } catch (error) {
        assert.ok(isTransient(error), String(error)); // and it is repeated at once
      }
    }
  });
  for (let round = 0; round < 40; round += 1) {
    const before = done;
    await eventually(async () => done > before + (round % 7));
    await endSessions(admin);
  }
  isOver = true;
  await Promise.all(workers);
  const halves = await admin.sql`
    select one.id from account as one join account as other on other.id = one.id + ${ACCOUNTS}::int
    where one.fen <> other.fen`;
  assert.equal(halves.length, 0);
  const met = await Promise.all(
    Array.from({ length: connections }, async () => {
      const [me] = await database.sql`select pg_backend_pid() as pid, pg_sleep(0.3)`;
      return me?.['pid'];
    }),
  );
  assert.equal(new Set(met).size, connections);
});

test('GJ-6b what a transaction still says after its session has ended reaches no other session', async () => {
  await using opened = await bank(1);
  const { database, admin } = opened;
  const others: unknown[] = [];
  const lost = inTransaction(database, async (tx) => {
    await tx.sql`update account set fen = 1 where id = 1`;
    await endSessions(admin);
    // Others get the only connection, with a session of its own.
    others.push(await inTransaction(database, (other) => other.sql`select 1 as one`));
    for (const late of [
      () => tx.sql`update account set fen = 2 where id = 2`,
      () => tx.db.update(account).set({ fen: 3n }).where(eq(account.id, 3)),
    ]) {
      others.push(
        await late().then(
          () => 'written',
          (error) => isTransient(error),
        ),
      );
    }
    return 'done';
  });
  await assert.rejects(lost, isTransient);
  await eventually(async () => others.length === 3);
  assert.deepEqual(others.slice(1), [true, true]);
  assert.equal((await admin.sql`select 1 from account where fen <> 0`).length, 0);
});

test('GJ-6b a sole worker whose session is ended begins anew, with the lock', async () => {
  await using opened = await bank(1);
  const { admin, database } = opened;
  let begun = 0;
  await using _worker = startSoleWorker({
    url: database.url,
    name: 'sole',
    lock: 7,
    begin: async () => {
      begun += 1;
      return async () => 1;
    },
    onTrouble: () => {},
  });
  for (let round = 1; round <= 3; round += 1) {
    await eventually(async () => begun === round);
    await endSessions(admin);
  }
  await eventually(async () => begun === 4);
});

/** In front of a server: ends the first session that asks for the types of arrays, as a server does that goes down. */
async function frontOf(url: string): Promise<{ url: string } & AsyncDisposable> {
  const text = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0';
  const farewell = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), Buffer.from(text)]);
  farewell.writeInt32BE(farewell.length - 1, 1);
  const { hostname, port } = new URL(url);
  let ended = 0;
  const sockets = new Set<Socket>();
  const front = createServer((socket) => {
    const back = connect(Number(port), hostname);
    sockets.add(socket).add(back);
    for (const each of [socket, back]) each.on('error', () => {});
    back.pipe(socket);
    socket.on('data', (data) => {
      if (ended === 0 && data.includes('typarray')) {
        ended += 1;
        back.unpipe(socket);
        back.destroy();
        socket.end(farewell);
      } else back.write(data);
    });
    socket.on('close', () => back.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = new URL(url);
  address.host = `127.0.0.1:${(front.address() as { port: number }).port}`;
  return {
    url: address.href,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

test('GJ-6b a session that ends while it starts fails what waited for it, and the next one starts clean', async () => {
  const url = await freshDatabase('starting');
  for (const ask of [
    ({ sql }: Database) => sql`select 1 as one`,
    (database: Database) => inTransaction(database, (tx) => tx.sql`select 1 as one`),
    async ({ sql }: Database) => {
      const session = await sql.reserve();
      const rows = await session`select 1 as one`;
      session.release();
      return rows;
    },
  ]) {
    await using front = await frontOf(url);
    const database = openDatabase(front.url, 1, 'starting');
    await assert.rejects(async () => ask(database), isTransient);
    assert.equal((await ask(database))[0]?.['one'], 1);
    const [row] = await database.sql`select ${['a', 'b']}::text[] as list`;
    assert.deepEqual(row?.['list'], ['a', 'b']);
    await database.close();
  }
});

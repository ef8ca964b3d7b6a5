import assert from 'node:assert/strict';
import test from 'node:test';
import { inTransaction, isTransient, openDatabase, pg, query, type Tx } from '@erx/postgres';
import { freshDatabase } from '@erx/testkit';

const database = openDatabase(await freshDatabase('transaction'), 4, 'test');
test.after(() => database.close());
await database.sql`create table account (id int primary key, fen bigint not null)`;
await database.sql`insert into account values (1, 100), (2, 100)`;

const account = pg.pgTable('account', { id: pg.integer().primaryKey(), fen: pg.bigint({ mode: 'bigint' }).notNull() });

async function balances(): Promise<bigint[]> {
  const rows = await database.sql<{ fen: bigint }[]>`select fen from account order by id`;
  return rows.map(({ fen }) => fen);
}

const add = (tx: Tx, id: number, fen: number) => tx.sql`update account set fen = fen + ${fen} where id = ${id}`;

test('an answer is kept, a refusal or an exception leaves nothing of what was written', async () => {
  const refused = { refused: [{ code: 'PRESCRIPTION_NOT_FOUND' }] };
  const outcome = await inTransaction(database, async (tx) => {
    await add(tx, 1, 50);
    return refused;
  });
  assert.equal(outcome, refused);
  await assert.rejects(
    inTransaction(database, async (tx) => {
      await add(tx, 1, 50);
      throw new TypeError('a bug');
    }),
    TypeError,
  );
  assert.deepEqual(await balances(), [100n, 100n]);
  assert.equal(await inTransaction(database, async (tx) => (await add(tx, 1, 1)).count), 1);
  assert.deepEqual(await balances(), [101n, 100n]);
  await database.sql`update account set fen = 100`;
});

test('plain statements and drizzle see each other inside one transaction', async () => {
  let seen: bigint | undefined;
  await inTransaction(database, async (tx) => {
    await add(tx, 1, 7);
    const [row] = await tx.db.select().from(account).where(query.eq(account.id, 1));
    seen = row?.fen;
    return { refused: [] };
  });
  assert.equal(seen, 107n);
  assert.deepEqual(await balances(), [100n, 100n]);
});

test('of two transactions that wait for each other both succeed in the end', async () => {
  const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const transfer = (me: 0 | 1, from: number, to: number) =>
    inTransaction(database, async (tx) => {
      await add(tx, from, -10);
      met[me].resolve();
      await met[1 - me]?.promise;
      await add(tx, to, 10);
      return 'done';
    });
  assert.deepEqual(await Promise.all([transfer(0, 1, 2), transfer(1, 2, 1)]), ['done', 'done']);
  assert.deepEqual(await balances(), [100n, 100n]);
});

test('a lost connection fails the transaction as something that may pass, and the pool goes on', async () => {
  const lost = inTransaction(database, async (tx) => {
    await add(tx, 1, 50);
    const [me] = await tx.sql`select pg_backend_pid() as pid`;
    await database.sql`select pg_terminate_backend(${me?.['pid']})`;
    await add(tx, 2, 50);
    return 'done';
  });
  await assert.rejects(lost, (error) => isTransient(error));
  assert.deepEqual(await balances(), [100n, 100n]);
});

test('what waiting mends is told from what it does not, also where drizzle hands it on as a cause', () => {
  const coded = (code: string) => Object.assign(new Error('failed'), { code });
  for (const code of ['40001', '40P01', '08006', '53300', '57P01', '57P03', '55P03', 'ECONNREFUSED']) {
    assert.ok(isTransient(coded(code)), code);
    assert.ok(isTransient(new Error('query failed', { cause: coded(code) })), code);
  }
  for (const code of ['23505', '22P02', '42P01', 'ENOENT']) assert.ok(!isTransient(coded(code)), code);
  assert.ok(!isTransient(new Error('without a code')));
  assert.ok(!isTransient(undefined));
});

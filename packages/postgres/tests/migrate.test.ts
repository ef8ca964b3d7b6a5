import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { migrate, openDatabase } from '@erx/postgres';
import { freshDatabase } from '@erx/testkit';

async function prepare(t: TestContext, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'erx-migrations-'));
  const database = openDatabase(await freshDatabase('migrate'), 3, 'test');
  t.after(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const write = (more: Record<string, string>) => {
    for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  };
  write(files);
  const set = { owner: 'test', folder: pathToFileURL(`${folder}/`) };
  return { database, write, run: () => migrate(database, [set]) };
}

const first = { '0001_create.sql': 'create table one (id int); insert into one values (1)' };

test('files are applied once and in order, also when two processes start together', async (t) => {
  const { database, write, run } = await prepare(t, first);
  await Promise.all([run(), run()]);
  write({ '0002_more.sql': 'insert into one values (2)', 'notes.txt': 'not a migration' });
  await run();
  await run();
  const rows = await database.sql`select id from one order by id`;
  assert.deepEqual(
    rows.map((row) => row['id']),
    [1, 2],
  );
});

test('a file that was edited after it was applied, or comes before an applied one, is refused', async (t) => {
  const { write, run } = await prepare(t, { '0002_create.sql': 'create table one (id int)' });
  await run();
  write({ '0001_late.sql': 'create table late (id int)' });
  await assert.rejects(run(), /0001_late\.sql sorts before/);
  write({ '0001_late.sql': '', '0002_create.sql': 'create table two (id int)' });
  await assert.rejects(run(), /was changed after it was applied|sorts before/);
});

test('a migration that fails leaves the database as it was', async (t) => {
  const { database, write, run } = await prepare(t, first);
  await run();
  write({ '0002_good.sql': 'insert into one values (2)', '0003_bad.sql': 'insert into nowhere values (1)' });
  await assert.rejects(run());
  const [row] = await database.sql`select count(*)::int as n from one`;
  assert.equal(row?.['n'], 1);
});

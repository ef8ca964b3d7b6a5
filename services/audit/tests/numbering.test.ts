import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, readdir } from 'node:fs/promises';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { messagingMigrations } from '@erx/messaging';
import { migrate, openDatabase } from '@erx/postgres';
import { freshDatabase, freshFolder } from '@erx/testkit';
import { auditBooks } from '../src/queries/books.ts';
import { numbered, numberIn } from '../src/store/numbering.ts';
import { pages, regulator, startTestAudit, viewed } from './support.ts';

const migrations = new URL('../migrations/', import.meta.url);

test('GX-3m numbers given out before they were kept in runs stay what they were', async () => {
  await using database = await databaseOf('0010');
  const { sql } = database;
  // As the service wrote them: what was recorded at once bears one time; each third event concerns a county too.
  const ids = Array.from({ length: 2_500 }, () => randomUUID());
  await sql`
    insert into entry (event_id, type, topic, partition, "offset", key, headers, value, recorded_at)
    select id, 't', 't', 0, nth, 'k', '{}', '', timestamptz '2026-03-01T00:00:00Z' + case
      when nth <= 1500 then interval '0' else (nth / 100) * interval '1 ms' end
    from unnest(${ids}::uuid[]) with ordinality as event (id, nth)`;
  const inCounty = ids.filter((_, n) => n % 3 === 0);
  for (const [division, events] of Object.entries({ '100000': ids, '420106': inCounty })) {
    await sql`insert into division_end values (${division}, ${events.length})`;
    await sql`
      insert into entry_number
      select ${division}, nth, id from unnest(${events}::uuid[]) with ordinality as event (id, nth)`;
  }

  await migrate(database, [messagingMigrations, { owner: 'audit', folder: migrations }]);
  const order = async (division: string, after: bigint, upTo: bigint) =>
    (
      await sql<{ id: string }[]>`
        select event_id as id from ${numbered(sql, division, after, upTo)} as numbered order by number`
    ).map(({ id }) => id);
  assert.deepEqual(await order('100000', 0n, 9_999n), ids);
  assert.deepEqual(await order('420106', 0n, 9_999n), inCounty);
  assert.deepEqual(await order('100000', 998n, 1_003n), ids.slice(998, 1_003));
  const found = await sql<{ number: bigint }[]>`
    select ${numberIn(sql, '420106')} as number from entry where event_id = any(${inCounty}::uuid[]) order by "offset"`;
  assert.deepEqual(
    found.map(({ number }) => number),
    inCounty.map((_, n) => BigInt(n + 1)),
  );
  const [longest] = await sql`select max(cardinality(event_ids)) as length, count(*)::int as runs from entry_run`;
  assert.ok(longest?.['length'] <= 1_000 && longest?.['runs'] < 40, JSON.stringify(longest));
  const { brokenNumberings, unnumbered } = await auditBooks(sql);
  assert.deepEqual([brokenNumberings, unnumbered], [[], []]);
});

test('GX-3m the books name a division whose numbers have a gap, an event twice, one that is not there or a wrong end', async () => {
  const harms = {
    'a gap': `update entry_run set first_number = first_number + 1 where division = '420106' and first_number > 1`,
    'an event missing': `update entry_run set event_ids = event_ids[2:] where division = '420106' and first_number = 1`,
    'an event twice': `update entry_run set event_ids = array(select event_ids[1] from unnest(event_ids)) where division = '420106'`,
    'an unknown event': `update entry_run set event_ids[1] = gen_random_uuid() where division = '420106'`,
    'a run gone': `delete from entry_run where division = '420106'`,
    'another time': `update entry_run set recorded_at = recorded_at + interval '1 ms' where division = '420106'`,
    'a later end': `update division_end set number = number + 1 where division = '420106'`,
  };
  await using audit = await startTestAudit();
  for (const part of [0, 1]) {
    await audit.publish(Array.from({ length: 3 }, (_, n) => viewed('p', `${part} ${n}`, ['420106'])));
    await audit.recorded(3 * (part + 1));
  }
  await audit.stop();
  const { sql } = audit.database;
  for (const [name, harm] of Object.entries(harms)) {
    await sql
      .begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx.unsafe(harm);
        const { brokenNumberings, unnumbered } = await auditBooks(tx);
        assert.deepEqual([brokenNumberings, unnumbered], [['420106'], []], name);
        throw new Undone();
      })
      .catch((error: Error) => assert.ok(error instanceof Undone, error));
  }
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    const [gone] = await tx`
      update entry_run set event_ids = event_ids[2:] where division = '100000' and first_number = 1
      returning old.event_ids[1] as id`;
    const { brokenNumberings, unnumbered } = await auditBooks(tx);
    assert.deepEqual([brokenNumberings, unnumbered], [['100000'], [gone?.['id']]]);
  });
  await audit.start();
});

test('a page begins and ends anywhere within what was recorded at once', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 400 }, (_, n) => viewed(`p${n}`, String(n), ['420106'])));
  await audit.recorded(400);
  const answer = await audit.client.readEntries(pages(95n, 10), regulator('420106'));
  assert.ok('entries' in answer);
  assert.deepEqual(
    answer.entries.map(({ number }) => number),
    Array.from({ length: 10 }, (_, n) => BigInt(n + 96)),
  );
  assert.deepEqual([answer.passedOver, answer.through, answer.end], [[], 105n, 400n]);
});

class Undone extends Error {}

/** A database as it was when the newest migration began with these digits. */
async function databaseOf(newest: string) {
  const folder = freshFolder('migrations');
  for (const file of await readdir(migrations))
    if (file.slice(0, 4) <= newest) await copyFile(new URL(file, migrations), `${folder}/${file}`);
  const database = openDatabase(await freshDatabase('audit'), 2, 'test');
  await migrate(database, [messagingMigrations, { owner: 'audit', folder: pathToFileURL(`${folder}/`) }]);
  return { ...database, [Symbol.asyncDispose]: () => database.close() };
}

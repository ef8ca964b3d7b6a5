// Rows of outbox and inbox go when they have had their time; the books go on counting every event there ever was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { purge } from '@erx/messaging';
import { openDatabase, type Sql } from '@erx/postgres';
import { topics } from '@erx/proto/topics';
import { fill, prescribe } from '@erx/sandbox';
import { booksOf } from '../src/books-of.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type OpenedDatabases, openDatabases } from '../src/open-databases.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const RETENTION_MS = Number(topics['erx.dispensing.prescription.v1'].retentionMs);

let sandbox: SandboxInProcess;
let opened: OpenedDatabases;
let serial = 0;
before(async () => {
  sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
  opened = openDatabases(sandbox.hub);
});
after(async () => {
  await opened?.[Symbol.asyncDispose]();
  await sandbox?.[Symbol.asyncDispose]();
});

async function play(): Promise<void> {
  const scene = await sandbox.scene();
  serial += 1;
  const cast = { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P1', serials: [serial] };
  const visit = fixtureVisit(sandbox.world, cast);
  await fill.fill(scene, visit, await prescribe.prescribe(scene, visit));
  assert.deepEqual(scene.log, ['HANDED_OVER']);
}

/** What every service's relay would do so many milliseconds from now. */
async function purgeAll(inMs: number): Promise<void> {
  for (const url of Object.values(sandbox.hub.databases)) {
    const { sql, close } = openDatabase(url, 1, 'purge');
    while (await purge(sql, new Date(Date.now() + inMs)));
    await close();
  }
}

async function count(sql: Sql, table: 'outbox' | 'inbox'): Promise<bigint> {
  const [row] = await sql<
    { n: bigint }[]
  >`select count(*) as n from ${sql(table)} where topic not like 'erx.registry.%'`;
  return row?.n ?? 0n;
}

async function balance(): Promise<void> {
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.ok(balanced, lines.join('\n'));
}

test('GJ-6b purged outboxes and inboxes: the books balance, and the hub sells on', async () => {
  const { dispensing, issuing } = opened.sqls;
  await play();
  await balance();
  await purgeAll(RETENTION_MS + DAY_MS);
  assert.equal(await count(dispensing, 'outbox'), 0n);
  assert.ok((await count(issuing, 'inbox')) > 0n);
  await balance();
  await play();
  await balance();
  await purgeAll(2 * RETENTION_MS + DAY_MS);
  assert.equal(await count(issuing, 'inbox'), 0n);
  await balance();
  await play();
  await balance();
});

test('GJ-6b after a purge the books still find an event that a consumer lost, and name it alone', async () => {
  const { dispensing, issuing } = opened.sqls;
  await purgeAll(RETENTION_MS + DAY_MS);
  await play();
  await balance();
  const [lost] = await issuing<{ id: string }[]>`
    delete from inbox where event_id = (select event_id from inbox order by event_id desc limit 1)
    returning event_id as id`;
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.equal(balanced, false);
  const said = lines.join('\n');
  assert.match(said, new RegExp(`${lost?.id}: not consumed`));
  assert.doesNotMatch(said, /published by nobody/);
  assert.equal((await dispensing`select from outbox where event_id = ${lost?.id ?? ''}`).length, 1);
});

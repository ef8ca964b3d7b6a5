import assert from 'node:assert/strict';
import test from 'node:test';
import {
  appendToOutbox,
  dispatch,
  messagingMigrations,
  purge,
  republishOutbox,
  startConsumer,
  startRelay,
} from '@erx/messaging';
import { type Database, inTransaction, migrate, openClient, openDatabase } from '@erx/postgres';
import { topics } from '@erx/proto/topics';
import { eventually, freshDatabase, freshNamespace } from '@erx/testkit';
import postgres from 'postgres';
import { log, profile, readTopic, topic, viewed } from './support.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const RETENTION_MS = Number(topics[topic].retentionMs);
const NOW = Date.UTC(2026, 0, 1);
const REFERENCE = 'erx.registry.profile.v1';

/** A database of messaging and the session that purges it. */
async function boxes(name: string): Promise<{ database: Database; session: postgres.Sql<{ bigint: bigint }> }> {
  const database = openDatabase(await freshDatabase(name), 4, name);
  await migrate(database, [messagingMigrations]);
  const session = openClient(database.url, { max: 1, types: { bigint: postgres.BigInt }, onnotice: () => {} });
  test.after(() => Promise.all([database.close(), session.end()]));
  return { database, session };
}

/** Ids of events of a moment. */
function idOf(ms: number, serial = 0): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${serial.toString(16).padStart(12, '0')}`;
}

const put = ({ sql }: Database, id: string, name: string, isPublished = true) => sql`
  insert into outbox (event_id, topic, key, type, headers, payload, published_at)
  values (${id}, ${name}, 'k', 't', '{}', '', ${isPublished ? new Date(NOW).toISOString() : null}::timestamptz)`;

const have = ({ sql }: Database, id: string, name: string) =>
  sql`insert into inbox (consumer, event_id, topic) values ('issuing', ${id}, ${name})`;

async function kept({ sql }: Database): Promise<{ outbox: string[]; inbox: string[] }> {
  const [outbox, inbox] = [await sql`select event_id as id from outbox`, await sql`select event_id as id from inbox`];
  return { outbox: outbox.map(({ id }) => id).sort(), inbox: inbox.map(({ id }) => id).sort() };
}

test('GJ-6b what no topic remembers leaves outbox and inbox, counted; reference data and what waits stay', async () => {
  const { database, session } = await boxes('purge');
  const [old, young] = [idOf(NOW - RETENTION_MS - 1), idOf(NOW - RETENTION_MS)];
  const [reference, waiting] = [idOf(0), idOf(1)];
  for (const id of [old, young]) await put(database, id, topic);
  await put(database, reference, REFERENCE);
  await put(database, waiting, topic, false);
  const [had, fresh] = [idOf(NOW - 2 * RETENTION_MS - 1), idOf(NOW - 2 * RETENTION_MS)];
  for (const id of [had, fresh]) await have(database, id, topic);
  await have(database, reference, REFERENCE);
  assert.equal(await purge(session, new Date(NOW)), false);
  assert.deepEqual(await kept(database), { outbox: [reference, waiting, young], inbox: [reference, fresh] });
  assert.equal(await purge(session, new Date(NOW + DAY_MS)), false);
  assert.deepEqual(await kept(database), { outbox: [reference, waiting], inbox: [reference] });
  const counted =
    await database.sql`select box, consumer, events, newest from purged where topic = ${topic} order by box`;
  assert.deepEqual(
    [...counted],
    [
      { box: 'inbox', consumer: 'issuing', events: 2n, newest: fresh },
      { box: 'outbox', consumer: '', events: 2n, newest: young },
    ],
  );
});

test('GJ-6b much that is old goes in batches, and the relay takes it away by itself', async () => {
  const { database, session } = await boxes('batches');
  const many = Array.from({ length: 1_200 }, (_, serial) => idOf(NOW, serial));
  await database.sql`
    insert into outbox (event_id, topic, key, type, headers, payload, published_at)
    select id, ${topic}, 'k', 't', '{}', '', now() from unnest(${many}::uuid[]) as id`;
  assert.equal(await purge(session, new Date(NOW + 2 * RETENTION_MS)), true);
  assert.equal((await kept(database)).outbox.length, 200);
  // The relay goes by the machine's clock: these are of its first days.
  await database.sql`delete from outbox`;
  const first = Array.from({ length: 1_200 }, (_, serial) => idOf(DAY_MS, serial));
  await database.sql`
    insert into outbox (event_id, topic, key, type, headers, payload, published_at)
    select id, ${topic}, 'k', 't', '{}', '', now() from unnest(${first}::uuid[]) as id`;
  await using _relay = startRelay({ database, brokers: await freshNamespace(), service: 'dispensing', log });
  await eventually(async () => (await kept(database)).outbox.length === 0);
});

test('GJ-6b an event that comes again after its row has left the outbox has no second effect', async () => {
  const brokers = await freshNamespace();
  const { database: writer, session } = await boxes('writer');
  const { database: reader, session: readerSession } = await boxes('reader');
  const event = viewed('k', 'once');
  await inTransaction(writer, (tx) => appendToOutbox(tx, [event]));
  const relay = startRelay({ database: writer, brokers, service: 'dispensing', log });
  const seen: string[] = [];
  const consume = (group: string[]) =>
    startConsumer({
      name: 'issuing',
      database: reader,
      brokers: group,
      topics: [topic],
      log,
      apply: dispatch({
        'erx.dispensing.v1.HistoryViewed': async (_tx, { payload }) => void seen.push(payload.lockId),
      }),
    });
  const consumer = await consume(brokers);
  await eventually(async () => seen.length === 1);
  await consumer[Symbol.asyncDispose]();
  const later = new Date(Date.now() + RETENTION_MS + DAY_MS);
  for (const each of [session, readerSession]) await purge(each, later);
  await relay[Symbol.asyncDispose]();
  assert.equal((await kept(writer)).outbox.length, 0);
  // A copy that the topic got in the last moment, read by a group that has forgotten where it was.
  const again = await freshNamespace();
  await inTransaction(writer, (tx) => appendToOutbox(tx, [event, viewed('k', 'new')]));
  await using _relay = startRelay({ database: writer, brokers: again, service: 'dispensing', log });
  await using _consumer = await consume(again);
  await eventually(async () => seen.includes('new'));
  assert.deepEqual(seen, ['once', 'new']);
});

test('GJ-6b a restore sends what the outbox keeps, and then nothing is purged until the topics have forgotten that', async () => {
  const brokers = await freshNamespace();
  const { database, session } = await boxes('restored');
  await inTransaction(database, (tx) => appendToOutbox(tx, [viewed('k', '1'), profile('420000', 1n)]));
  await database.sql`update outbox set published_at = now()`;
  assert.equal(await republishOutbox(database.url, brokers, 'dispensing'), 2);
  assert.equal((await readTopic(brokers, topic)).length, 1);
  const restoredAt = Date.now();
  await purge(session, new Date(restoredAt + RETENTION_MS + DAY_MS));
  assert.equal((await kept(database)).outbox.length, 2);
  await purge(session, new Date(restoredAt + 2 * RETENTION_MS + DAY_MS));
  assert.equal((await kept(database)).outbox.length, 1, 'only reference data is left');
});

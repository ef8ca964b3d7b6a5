import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { appendToOutbox, dispatch, startConsumer, startRelay } from '@erx/messaging';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import { eventually, freshNamespace } from '@erx/testkit';
import { openKafka } from '../src/kafka.ts';
import { openPublisher, type Row } from '../src/publisher.ts';
import { database, holder, log, profile, readTopic, spawnRelay, topic, viewed } from './support.ts';

type Outgoing = ReturnType<typeof viewed>;
const write = (writer: Database, ...events: Outgoing[]) => inTransaction(writer, (tx) => appendToOutbox(tx, events));
const relayOf = (writer: Database, brokers: string[]) =>
  startRelay({ database: writer, brokers, service: 'dispensing', log });

async function unpublished({ sql }: Database): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from outbox where published_at is null`;
  return row?.n ?? 0;
}

/** A consumer that writes down the lock ids it was given. */
async function recorder(brokers: string[], seen: string[]) {
  const reader = await database('reader');
  const note = async (_tx: Tx, { payload }: { payload: { lockId: string } }) => void seen.push(payload.lockId);
  const consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log,
    apply: dispatch({ 'erx.dispensing.v1.HistoryViewed': note }),
  });
  return { consumer, reader };
}

/** Keeps the marks of published rows from being written, until released. */
async function holdMarks(writer: Database): Promise<() => Promise<void>> {
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = writer.sql.begin(async (sql) => {
    await sql`select 1 from outbox where published_at is null for update`;
    held.resolve();
    await release.promise;
  });
  await held.promise;
  return async () => {
    release.resolve();
    await holding;
  };
}

test('GJ-6b a relay killed before it could publish: the next one publishes what was committed', async (t) => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const first = spawnRelay(writer, brokers);
  await eventually(() => holder(writer));
  first.kill('SIGKILL');
  await once(first, 'exit');
  const events = ['1', '2', '3'].map((id) => viewed('k', id));
  await write(writer, ...events);
  await using _second = relayOf(writer, brokers);
  await eventually(async () => (await unpublished(writer)) === 0);
  assert.deepEqual(
    (await readTopic(brokers, topic)).map(({ id }) => id),
    events.map(({ id }) => id),
  );
  t.after(() => writer.close());
});

test('GJ-6b a relay killed between publish and mark: published twice, one effect, in order', async (t) => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const events = ['1', '2'].map((id) => viewed('k', id));
  await write(writer, ...events);
  const release = await holdMarks(writer);
  const first = spawnRelay(writer, brokers);
  await eventually(async () => (await readTopic(brokers, topic)).length === 2, 30_000);
  first.kill('SIGKILL');
  await once(first, 'exit');
  // Its session would still write the mark that it waits for.
  await writer.sql`select pg_terminate_backend(${(await holder(writer)) ?? 0})`;
  await release();
  assert.equal(await unpublished(writer), 2, 'the first relay must not have marked them');
  await using _second = relayOf(writer, brokers);
  await eventually(async () => (await unpublished(writer)) === 0);
  const [one, two] = events.map(({ id }) => id);
  assert.deepEqual(
    (await readTopic(brokers, topic)).map(({ id }) => id),
    [one, two, one, two],
  );
  const seen: string[] = [];
  const { consumer, reader } = await recorder(brokers, seen);
  await write(writer, viewed('k', '3'));
  await eventually(async () => seen.includes('3'));
  assert.deepEqual(seen, ['1', '2', '3']);
  await consumer[Symbol.asyncDispose]();
  t.after(() => Promise.all([writer.close(), reader.close()]));
});

test('GJ-6b a frozen relay loses its lock within seconds, and woken up it publishes nothing out of order', async (t) => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const frozen = spawnRelay(writer, brokers);
  await eventually(() => holder(writer));
  frozen.kill('SIGSTOP');
  await write(writer, viewed('k', '1'), viewed('k', '2'));
  await using _second = relayOf(writer, brokers);
  await eventually(async () => (await unpublished(writer)) === 0, 20_000);
  frozen.kill('SIGCONT');
  await write(writer, viewed('k', '3'));
  await eventually(async () => (await unpublished(writer)) === 0);
  const seen: string[] = [];
  const { consumer, reader } = await recorder(brokers, seen);
  await eventually(async () => seen.includes('3'));
  assert.deepEqual(seen, ['1', '2', '3']);
  assert.equal(frozen.exitCode, null, 'a relay that lost its session goes on as a stand-by');
  await consumer[Symbol.asyncDispose]();
  frozen.kill('SIGKILL');
  t.after(() => Promise.all([writer.close(), reader.close()]));
});

test('GJ-6b a relay that was shut out cannot put an old version at the end of a compacted topic', async () => {
  const brokers = await freshNamespace();
  const cluster = openKafka(brokers, 'registry-relay');
  const row = (revision: bigint): Row => {
    const { topic: name, key, headers, payload } = profile('420000', revision);
    return { seq: revision, topic: name, key, headers: JSON.stringify(headers), payload };
  };
  const [old, newer] = [row(1n), row(2n)];
  await using frozen = await openPublisher(cluster, 'registry');
  await frozen.send([old]);
  await using successor = await openPublisher(cluster, 'registry');
  await successor.send([old, newer]);
  await assert.rejects(frozen.send([old]));
  const idOf = ({ headers }: Row) => JSON.parse(headers).ce_id;
  const ids = (await readTopic(brokers, 'erx.registry.profile.v1')).map(({ id }) => id);
  assert.deepEqual(ids, [idOf(old), idOf(old), idOf(newer)]);
  await successor.send([newer]);
});

test('GJ-6b two relays at once: every event once, in order, and the second takes over when the first ends', async (t) => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const first = relayOf(writer, brokers);
  await eventually(() => holder(writer));
  await using _second = relayOf(writer, brokers);
  const events = Array.from({ length: 40 }, (_, n) => viewed('k', String(n)));
  for (const event of events.slice(0, 20)) await write(writer, event);
  await eventually(async () => (await unpublished(writer)) === 0);
  await first[Symbol.asyncDispose]();
  for (const event of events.slice(20)) await write(writer, event);
  await eventually(async () => (await unpublished(writer)) === 0);
  assert.deepEqual(
    (await readTopic(brokers, topic)).map(({ id }) => id),
    events.map(({ id }) => id),
  );
  t.after(() => writer.close());
});

test('GJ-6b a relay whose session is ended by the server goes on', async (t) => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  await using _relay = relayOf(writer, brokers);
  for (const id of ['1', '2', '3']) {
    const pid = await eventually(() => holder(writer));
    await writer.sql`select pg_terminate_backend(${pid})`;
    await write(writer, viewed('k', id));
    await eventually(async () => (await unpublished(writer)) === 0);
  }
  assert.equal((await readTopic(brokers, topic)).length, 3);
  t.after(() => writer.close());
});

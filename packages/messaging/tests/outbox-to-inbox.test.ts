import assert from 'node:assert/strict';
import test from 'node:test';
import { appendToOutbox, dispatch, messagingMigrations, outgoing, startConsumer, startRelay } from '@erx/messaging';
import { type Database, inTransaction, migrate, openDatabase } from '@erx/postgres';
import { createLogger } from '@erx/telemetry';
import { eventually, freshDatabase, freshNamespace } from '@erx/testkit';
import kafkajs from 'kafkajs';

const log = createLogger('test', 'silent');
const topic = 'erx.dispensing.prescription.v1';

async function database(name: string): Promise<Database> {
  const opened = openDatabase(await freshDatabase(name), 4, name);
  await migrate(opened, [messagingMigrations]);
  return opened;
}

function viewed(prescriptionId: string, lockId: string) {
  return outgoing(
    'erx.dispensing.v1.HistoryViewed',
    { context: undefined, prescriptionId, lockId, pharmacistId: 'p' },
    { source: 'dispensing', key: prescriptionId, at: new Date(0), territory: ['420106'] },
  );
}

test('an event in the outbox reaches a consumer exactly once and in the order of its key', async () => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const reader = await database('reader');
  const seen: string[] = [];
  await using _relay = startRelay({ database: writer, brokers, service: 'dispensing', log });
  // A second relay of the same database stands by.
  await using _standby = startRelay({ database: writer, brokers, service: 'dispensing', log });
  await using _consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log,
    apply: dispatch({
      'erx.dispensing.v1.HistoryViewed': async (_tx, event) => {
        seen.push(event.payload.lockId);
      },
    }),
  });
  for (let n = 0; n < 250; n += 1) await inTransaction(writer, (tx) => appendToOutbox(tx, [viewed('same', String(n))]));
  await eventually(async () => seen.length >= 250);
  assert.deepEqual(
    seen,
    Array.from({ length: 250 }, (_, n) => String(n)),
  );
  const [left] = await writer.sql`select count(*)::int as n from outbox where published_at is null`;
  assert.equal(left?.['n'], 0);
  await Promise.all([writer.close(), reader.close()]);
});

test('a refused transaction leaves no event behind', async () => {
  const writer = await database('writer');
  const outcome = await inTransaction(writer, async (tx) => {
    await appendToOutbox(tx, [viewed('x', 'y')]);
    return { refused: [{ code: 'PRESCRIPTION_NOT_FOUND' as const }] };
  });
  assert.ok('refused' in outcome);
  const [row] = await writer.sql`select count(*)::int as n from outbox`;
  assert.equal(row?.['n'], 0);
  await writer.close();
});

test('a copy of an event has no second effect; one that cannot be read is parked and the partition goes on', async () => {
  const brokers = await freshNamespace();
  const reader = await database('reader');
  const seen: string[] = [];
  const [addresses, namespace] = (brokers[0] ?? '').split('/');
  const kafka = new kafkajs.Kafka({ brokers: (addresses ?? '').split(','), logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const first = viewed('k', '1');
  const good = (event: typeof first) => ({ key: 'k', value: Buffer.from(event.payload), headers: event.headers });
  await producer.send({
    topic: `${namespace}.${topic}`,
    messages: [
      good(first),
      { key: 'k', value: 'x', headers: { ce_id: first.id, ce_type: 'erx.unknown.v1.Thing' } },
      { key: 'k', value: Buffer.from([0xff, 0xff]), headers: { ...first.headers, ce_id: crypto.randomUUID() } },
      good(first),
      good(viewed('k', '2')),
    ],
  });
  await using _consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log,
    apply: dispatch({
      'erx.dispensing.v1.HistoryViewed': async (_tx, event) => {
        seen.push(event.payload.lockId);
      },
    }),
  });
  await eventually(async () => seen.includes('2'));
  assert.deepEqual(seen, ['1', '2']);
  const parked = await reader.sql`select reason from parked order by "offset"`;
  assert.equal(parked.length, 2);
  await producer.disconnect();
  await reader.close();
});

test('a database that goes away is waited out, nothing is skipped', async () => {
  const brokers = await freshNamespace();
  const writer = await database('writer');
  const reader = await database('reader');
  const seen: string[] = [];
  await using _relay = startRelay({ database: writer, brokers, service: 'dispensing', log });
  await using _consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log,
    apply: dispatch({
      'erx.dispensing.v1.HistoryViewed': async (tx, event) => {
        // The server ends this very session once, in the middle of the transaction.
        if (event.payload.lockId === '1' && !seen.includes('1')) {
          seen.push('1');
          const [me] = await tx.sql`select pg_backend_pid() as pid`;
          await reader.sql`select pg_terminate_backend(${me?.['pid']})`;
          await tx.sql`select 1`;
        }
        seen.push(event.payload.lockId);
      },
    }),
  });
  for (const id of ['0', '1', '2']) await inTransaction(writer, (tx) => appendToOutbox(tx, [viewed('k', id)]));
  await eventually(async () => seen.includes('2'));
  const [inbox] = await reader.sql`select count(*)::int as n from inbox`;
  assert.equal(inbox?.['n'], 3);
  await Promise.all([writer.close(), reader.close()]);
});

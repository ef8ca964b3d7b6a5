import assert from 'node:assert/strict';
import test from 'node:test';
import { askForRetry, dispatch, listParked, startConsumer } from '@erx/messaging';
import { eventually, freshNamespace } from '@erx/testkit';
import { database, log, rawKafka, topic, viewed } from './support.ts';

test('GJ-6b a message that cannot be taken is parked with its reason, the partition goes on, and asked for it is tried again', async (t) => {
  const brokers = await freshNamespace();
  const reader = await database('reader');
  const { kafka, qualify } = rawKafka(brokers);
  const producer = kafka.producer();
  await producer.connect();
  const good = (event: ReturnType<typeof viewed>) => ({
    key: 'k',
    value: Buffer.from(event.payload),
    headers: event.headers,
  });
  const poisoned = viewed('k', 'poison');
  await producer.send({
    topic: qualify(topic),
    messages: [
      good(viewed('k', '1')),
      { key: 'k', value: 'x', headers: { ce_id: crypto.randomUUID(), ce_type: 'erx.unknown.v1.Thing' } },
      good(poisoned),
      good(viewed('k', '2')),
    ],
  });
  await producer.disconnect();
  const seen: string[] = [];
  let mended = false;
  await using _consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log,
    apply: dispatch({
      'erx.dispensing.v1.HistoryViewed': async (_tx, { payload }) => {
        if (payload.lockId === 'poison' && !mended) throw new TypeError('not yet understood 110101199001011234');
        seen.push(payload.lockId);
      },
    }),
  });
  await eventually(async () => seen.includes('2'));
  const parked = await listParked(reader.sql);
  assert.deepEqual(parked.map(({ type, key, reason }) => [type, key, reason]).sort(), [
    ['erx.dispensing.v1.HistoryViewed', 'k', 'failed: TypeError'],
    ['erx.unknown.v1.Thing', 'k', 'unknown event type'],
  ]);

  for (const { parkedAt } of parked) assert.ok(Math.abs(Date.now() - parkedAt.getTime()) < 60_000);

  const retry = async () => {
    for (const { id } of await listParked(reader.sql)) await askForRetry(reader.sql, id);
    await eventually(async () => (await listParked(reader.sql)).every(({ isRetryWaiting }) => !isRetryWaiting));
    return listParked(reader.sql);
  };
  assert.deepEqual(
    (await retry()).map(({ attempts }) => attempts),
    [2, 2],
    'what still cannot be taken stays parked',
  );
  mended = true;
  const [left, ...others] = await retry();
  assert.equal(left?.type, 'erx.unknown.v1.Thing');
  assert.equal(others.length, 0);
  assert.equal(seen.filter((id) => id === 'poison').length, 1);
  const [inbox] = await reader.sql`select count(*)::int as n from inbox where event_id = ${poisoned.id}`;
  assert.equal(inbox?.['n'], 1);
  t.after(() => reader.close());
});

test('GJ-6b a database without room or without a free connection is waited out: nothing is skipped, nothing parked', async (t) => {
  const brokers = await freshNamespace();
  const reader = await database('reader');
  for (const code of ['53100', '53300']) {
    await reader.sql.unsafe(`
      create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception using errcode = '${code}'; end $$;
      create or replace trigger refuse before insert on inbox for each row execute function refuse()`);
    const { kafka, qualify } = rawKafka(brokers);
    const producer = kafka.producer();
    await producer.connect();
    const event = viewed('k', code);
    const value = Buffer.from(event.payload);
    await producer.send({ topic: qualify(topic), messages: [{ key: 'k', value, headers: event.headers }] });
    await producer.disconnect();
  }
  const seen: string[] = [];
  let warnings = 0;
  const counting = Object.assign(Object.create(log), { warn: () => (warnings += 1) });
  await using _consumer = await startConsumer({
    name: 'issuing',
    database: reader,
    brokers,
    topics: [topic],
    log: counting,
    apply: dispatch({ 'erx.dispensing.v1.HistoryViewed': async (_tx, { payload }) => void seen.push(payload.lockId) }),
  });
  await eventually(async () => warnings >= 4);
  assert.deepEqual(seen, []);
  await reader.sql`drop trigger refuse on inbox`;
  await eventually(async () => seen.length === 2);
  assert.deepEqual(await listParked(reader.sql), []);
  t.after(() => reader.close());
});

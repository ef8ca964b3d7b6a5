import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { inTransaction } from '@erx/postgres';
import { auditBooks } from '../src/queries/books.ts';
import { received, startTestAudit, viewed } from './support.ts';

test('GX-3m, JL-0 every event is recorded with its exact bytes, headers, key and position', async () => {
  await using audit = await startTestAudit();
  const events = [
    viewed('p1', 'first', ['420106']),
    received('n1', 3, ['420106']),
    viewed('p1', 'second', ['420106']),
    received('n2', 2_000),
  ];
  await audit.publish(events);
  await audit.recorded(events.length);
  const entries = await audit.readAll('100000');
  assert.deepEqual(
    entries.map(({ number }) => number),
    [1n, 2n, 3n, 4n],
  );
  for (const event of events) {
    const entry = entries.find(({ eventId }) => eventId === event.id);
    assert.ok(entry, event.type);
    const { type, topic, key, headers, value } = entry;
    assert.deepEqual(
      { type, topic, key, headers },
      { type: event.type, topic: event.topic, key: event.key, headers: event.headers },
    );
    assert.equal(Buffer.compare(value, event.payload), 0);
    assert.ok(entry.recordedAt !== undefined && Math.abs(entry.recordedAt.getTime() - Date.now()) < 3_600_000);
  }
  const [first, second] = events
    .filter(({ key }) => key === 'p1')
    .map(({ id }) => entries.find((it) => it.eventId === id));
  assert.ok(first && second);
  assert.equal(first.partition, second.partition);
  assert.equal(second.offset, first.offset + 1n);
});

test('GX-3m the record counts as many events per topic and type as were published', async () => {
  await using audit = await startTestAudit();
  await audit.publish([viewed('p1', '1'), viewed('p2', '2'), received('n1', 1)]);
  await audit.recorded(3);
  assert.deepEqual(await auditBooks(audit.database.sql), {
    events: [
      { topic: 'erx.dispensing.prescription.v1', type: 'erx.dispensing.v1.HistoryViewed', count: 2n },
      { topic: 'erx.traceability.movement.v1', type: 'erx.traceability.v1.StockReceived', count: 1n },
    ],
    brokenNumberings: [],
    unnumbered: [],
  });
});

test('numbers have no gap in any division while several processes record at once', async () => {
  await using audit = await startTestAudit();
  await using _second = await audit.another();
  const places = ['420106', '420102', '420100', '220102', '220000', '429004'];
  const events = Array.from({ length: 600 }, (_, n) => {
    const territory = [places[n % 6], places[(n * 5 + 1) % 6]].filter((place) => place !== undefined);
    return n % 3 === 0 ? received(`n${n}`, 1, territory) : viewed(`p${n % 40}`, String(n), territory);
  });
  await Promise.all([0, 1, 2, 3].map((part) => audit.publish(events.filter((_, n) => n % 4 === part))));
  await audit.recorded(events.length);
  for (const [division, expected] of Object.entries(
    countByDivision(events.map(({ headers }) => headers['ce_territory'] ?? '')),
  )) {
    const entries = await audit.readAll(division);
    assert.deepEqual(
      entries.map(({ number }) => number),
      Array.from({ length: expected }, (_, n) => BigInt(n + 1)),
      division,
    );
    assert.equal(new Set(entries.map(({ eventId }) => eventId)).size, expected, division);
  }
  assert.deepEqual((await auditBooks(audit.database.sql)).brokenNumberings, []);
});

test('a restart in the middle, a second copy and a replay of the topics record nothing twice', async () => {
  await using audit = await startTestAudit();
  const events = Array.from({ length: 300 }, (_, n) => viewed(`p${n % 7}`, String(n), ['420106']));
  await audit.publish(events);
  await audit.recorded(1);
  await audit.stop();
  await audit.start();
  await audit.recorded(events.length);
  const before = await audit.readAll('420106');
  assert.deepEqual(
    before.map(({ number }) => number),
    events.map((_, n) => BigInt(n + 1)),
  );

  // The relay publishes again what it could not mark before it was killed.
  await audit.writer.sql`update outbox set published_at = null where seq <= 50`;
  await audit.stop();
  await audit.rewind();
  await audit.start();
  const last = viewed('p1', 'last', ['420106']);
  await audit.publish([last]);
  await audit.recorded(events.length + 1);
  const after = await audit.readAll('420106');
  assert.deepEqual(after.slice(0, -1), before);
  assert.equal(after.at(-1)?.eventId, last.id);
});

test('a message that cannot be read is parked, and those behind it are recorded', async () => {
  await using audit = await startTestAudit();
  const spoilt = viewed('p1', 'spoilt');
  await audit.publish([
    viewed('p1', 'before'),
    { ...spoilt, headers: { ...spoilt.headers, ce_type: 'erx.unknown.v1.Thing' } },
    { ...viewed('p1', 'bytes'), payload: new Uint8Array([0xff, 0xff]) },
    { ...viewed('p1', 'place'), headers: { ...viewed('p1', 'place').headers, ce_territory: 'nowhere' } },
    viewed('p1', 'behind'),
  ]);
  await audit.recorded(3);
  assert.equal((await audit.readAll('100000')).length, 3);
  const parked = await audit.database.sql`select reason from parked where consumer = 'audit' order by "offset"`;
  assert.deepEqual(
    parked.map((row) => row['reason']),
    ['unknown event type', 'bytes do not decode as the type they claim'],
  );
});

test('what is recorded can be neither changed nor removed, and numbers never go back', async () => {
  await using audit = await startTestAudit();
  await audit.publish([viewed('p1', '1', ['420106'])]);
  await audit.recorded(1);
  const { sql } = audit.database;
  const attempts = [
    `update entry set value = ''`,
    'delete from entry',
    'truncate entry cascade',
    'update entry_run set first_number = first_number + 1',
    'delete from entry_run',
    'truncate entry_run',
    'delete from division_end',
    'truncate division_end cascade',
    'update division_end set number = 0',
    `update division_end set division = '110000' where division = '420106'`,
  ];
  for (const attempt of attempts) {
    await assert.rejects(sql.unsafe(attempt), (error: { code?: string }) => error.code === '23001', attempt);
  }
  await assert.rejects(
    inTransaction(
      audit.database,
      (tx) => tx.sql`
      insert into entry select ${randomUUID()}::uuid, type, topic, partition, "offset", key, headers, value, recorded_at,
        cluster from entry`,
    ),
    /entry_position_once/,
  );
  assert.equal((await audit.readAll('420106')).length, 1);
});

function countByDivision(territories: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const territory of territories) {
    // Spelt out here on purpose, apart from the code under test.
    const divisions = new Set(['100000']);
    for (const place of territory.split(',')) {
      divisions.add(`${place.slice(0, 2)}0000`).add(place);
      if (place !== '429004') divisions.add(place.endsWith('0000') ? place : `${place.slice(0, 4)}00`);
    }
    for (const division of divisions) counts[division] = (counts[division] ?? 0) + 1;
  }
  return counts;
}

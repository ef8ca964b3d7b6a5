import assert from 'node:assert/strict';
import test from 'node:test';
import { outgoing } from '@erx/messaging';
import { LogEntry } from '@erx/proto/audit/v1/audit_log';
import type { Entry, ReadEntriesResponse } from '@erx/proto/audit/v1/audit_service';
import { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import { eventually } from '@erx/testkit';
import { entryOf } from '../src/store/log-leaf.ts';
import { agency, from, pages, received, regulator, startTestAudit, viewed } from './support.ts';

const VIEWED = 'erx.dispensing.v1.HistoryViewed';
const RECEIVED = 'erx.traceability.v1.StockReceived';

function page(answer: object): ReadEntriesResponse {
  assert.ok('entries' in answer, 'refused');
  return answer as ReadEntriesResponse;
}
const numbers = ({ entries }: ReadEntriesResponse): bigint[] => entries.map(({ number }) => number);

test('GX-3m a filtered page shows the kinds asked for and names every number it passed over', async () => {
  await using audit = await startTestAudit();
  const events = Array.from({ length: 20 }, (_, n) =>
    n % 5 === 0 ? received(`n${n}`, 1, ['420106']) : viewed('p', String(n), ['420106']),
  );
  for (const event of events) {
    await audit.publish([event]);
    await audit.recorded(events.indexOf(event) + 1);
  }
  const read = async (after: bigint, limit: number, types: string[]) =>
    page(await audit.client.readEntries(pages(after, limit, { types }), regulator('420106')));
  const all = await read(0n, 100, [RECEIVED]);
  assert.deepEqual(numbers(all), [1n, 6n, 11n, 16n]);
  assert.deepEqual(all.passedOver, [
    { from: 2n, to: 5n },
    { from: 7n, to: 10n },
    { from: 12n, to: 15n },
    { from: 17n, to: 20n },
  ]);
  assert.deepEqual([all.through, all.end], [20n, 20n]);
  const first = await read(0n, 2, [RECEIVED]);
  assert.deepEqual([numbers(first), first.through, first.end], [[1n, 6n], 6n, 20n]);
  const none = await read(7n, 10, ['erx.dispensing.v1.HandedOver']);
  assert.deepEqual([numbers(none), none.passedOver, none.through], [[], [{ from: 8n, to: 20n }], 20n]);
  assert.deepEqual(numbers(await read(16n, 100, [RECEIVED, VIEWED])), [17n, 18n, 19n, 20n]);
});

test('CX-7b a filter by place narrows the own division and never widens it', async () => {
  await using audit = await startTestAudit();
  const [both, here, there] = [
    viewed('p1', 'both', ['420106', '220102']),
    viewed('p2', 'here', ['420106']),
    viewed('p3', 'there', ['220102']),
  ];
  await audit.publish([both, here, there]);
  await audit.recorded(3);
  const read = async (division: string, place: string) =>
    page(await audit.client.readEntries(pages(0n, 10, { place }), regulator(division))).entries.map((it) => it.eventId);
  assert.deepEqual(await read('420000', '220000'), [both.id]);
  assert.deepEqual(new Set(await read('100000', '220102')), new Set([both.id, there.id]));
  assert.deepEqual(await read('420106', '420102'), []);
});

test('a filtered stream brings what fits, tells what it passed over, and catches up in any order of news', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 300 }, (_, n) => viewed('p', String(n), ['420106'])));
  await audit.recorded(300);
  const end = new AbortController();
  const got: Entry[] = [];
  const following = (async () => {
    for await (const item of audit.client.followEntries(
      from(0n, { types: [RECEIVED] }),
      regulator('420106'),
      end.signal,
    ))
      got.push(item);
  })().catch((error: Error) => assert.equal(error.name, 'AbortError'));
  await eventually(async () => got.at(-1)?.number === 300n);
  assert.deepEqual(
    got.map((mark) => mark.eventId),
    got.map(() => ''),
  );
  await audit.publish([received('n', 1, ['420106'])]);
  await eventually(async () => got.at(-1)?.type === RECEIVED);
  assert.equal(got.at(-1)?.number, 301n);
  assert.ok(got.filter(({ passedOver }) => passedOver !== undefined).every(({ end }) => end === 300n));
  // Every number from 1 on was told, as an entry or as passed over.
  let next = 1n;
  for (const { number, passedOver } of got) {
    assert.equal(passedOver?.from ?? number, next);
    next = number + 1n;
  }
  end.abort();
  await following;
});

test('a replay from an instant begins with the first entry recorded then, and behind the end when there is none', async () => {
  await using audit = await startTestAudit();
  await audit.publish(Array.from({ length: 6 }, (_, n) => viewed('p', String(n), ['420106'])));
  await audit.recorded(6);
  const { sql } = audit.database;
  // Recorded a minute apart, one by one; the test alone may rewrite what is append-only.
  await sql.begin(async (tx) => {
    await tx`alter table entry_run disable trigger entry_run_append_only`;
    await tx`
      with run as (delete from entry_run where division = '420106' returning *), apart as (
        select first_number + nth - 1 as number, id from run, unnest(event_ids) with ordinality as placed (id, nth))
      insert into entry_run
      select '420106', number, array[id], timestamptz '2026-03-01T00:00:00Z' + number * interval '1 minute' from apart`;
  });
  const read = async (since: string) =>
    numbers(page(await audit.client.readEntries(pages(0n, 10, undefined, new Date(since)), regulator('420106'))));
  assert.deepEqual(await read('2026-03-01T00:03:00Z'), [3n, 4n, 5n, 6n]);
  assert.deepEqual(await read('2026-03-01T00:03:30Z'), [4n, 5n, 6n]);
  assert.deepEqual(await read('2020-01-01T00:00:00Z'), [1n, 2n, 3n, 4n, 5n, 6n]);
  assert.deepEqual(await read('2027-01-01T00:00:00Z'), []);
  const beyond = pages(0n, 10, undefined, new Date(8.64e15));
  const refused = await audit.client.readEntries(beyond, regulator('420106'));
  assert.ok('refused' in refused);
  assert.deepEqual([refused.refused[0]?.code, refused.refused[0]?.field], ['REQUEST_INVALID', '/since']);
});

test('CX-7c an agency reads its own division with clinical and sealed fields empty, and is told which; a regulator gets the exact bytes', async () => {
  await using audit = await startTestAudit();
  const event = outgoing(
    'erx.issuing.v1.PrescriptionCirculating',
    PrescriptionCirculating.fromPartial({
      prescriptionId: 'p1',
      patient: { personId: 'person', nameSealed: new Uint8Array([1, 2]) },
      documentSealed: new Uint8Array([3]),
      diagnoses: [{ code: 'L40.000', name: 'x' }],
      lines: [{ lineNo: 1, drugCode: 'd', quantity: 20_000n, usage: 'daily' }],
    }),
    { source: 'issuing', key: 'p1', at: new Date(0), territory: ['420106'] },
  );
  await audit.publish([event]);
  await audit.recorded(1);
  const read = async (who: ReturnType<typeof agency>) =>
    page(await audit.client.readEntries(pages(0n, 10), who)).entries[0];
  const exact = await read(regulator('420106'));
  assert.deepEqual([exact?.masked, exact?.schemaVersion], [[], 1]);
  assert.equal(Buffer.compare(exact?.value ?? new Uint8Array(), event.payload), 0);
  const masked = await read(agency('420106'));
  assert.deepEqual(masked?.masked, ['diagnoses', 'documentSealed', 'lines.usage', 'patient.nameSealed']);
  const shown = PrescriptionCirculating.decode(masked?.value ?? new Uint8Array());
  assert.deepEqual([shown.diagnoses, shown.documentSealed.length, shown.patient?.nameSealed.length], [[], 0, 0]);
  assert.deepEqual([shown.lines[0]?.quantity, shown.patient?.personId], [20_000n, 'person']);
  assert.equal(await read(agency('420102')), undefined);

  // Who has the salt could try out what the masked fields hold: only the hash is told, which the public log shows too.
  const [leaf] = await audit.database.sql<{ index: bigint; entry: Uint8Array }[]>`select index, entry from log_leaf`;
  const { eventId, type } = event === undefined ? assert.fail() : { eventId: event.id, type: event.type };
  assert.deepEqual(Object.keys(exact?.logged ?? {}).sort(), ['index', 'logId', 'salt', 'saltedHash']);
  assert.equal(exact?.logged?.index, leaf?.index);
  const made = entryOf(
    { id: eventId, type, value: exact?.value ?? new Uint8Array() },
    exact?.logged?.salt ?? new Uint8Array(),
  );
  assert.equal(Buffer.compare(made, leaf?.entry ?? new Uint8Array()), 0, 'the regulator can make the leaf');
  assert.deepEqual([masked?.logged?.salt.length, exact?.logged?.saltedHash.length], [0, 0]);
  const named = LogEntry.encode({ eventId, type, saltedHash: masked?.logged?.saltedHash ?? new Uint8Array() }).finish();
  assert.equal(Buffer.compare(named, leaf?.entry ?? new Uint8Array()), 0, 'the agency can tell that it is there');
});

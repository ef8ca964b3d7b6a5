import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { eventually } from '@erx/testkit';
import { D1, D3, d1, d3, P1, P3 } from '../src/domain/trace-code.fixture.ts';
import { traceabilityBooks } from '../src/queries/books.ts';
import {
  answered,
  authority,
  caller,
  completed,
  eventsOf,
  note,
  pharmacy,
  prescriptionId,
  regulator,
  saleContext,
  shown,
  startTestTraceability,
} from './support.ts';

const service = await startTestTraceability();
test.after(() => service[Symbol.asyncDispose]());
const { dispensing, gateway, database } = service;

const CODES = 60;
const serials = Array.from({ length: CODES }, (_, index) => index + 1);
answered(
  await gateway.importStock(
    {
      notes: [
        note('d1', serials.map(d1)),
        note('d3', [d3(1)], { drugCode: D3 }),
        note('p3', [d1(900)], { holderId: P3 }),
      ],
    },
    authority('stock'),
  ),
);

const request = (traceCodes: string[], saleId = randomUUID(), holderId = P1) => ({
  saleId,
  prescriptionId,
  holderId,
  lines: [{ lineNo: 1, drugCode: D1, traceCodes }],
});
const reserve = (traceCodes: string[], saleId = randomUUID(), holderId = P1) =>
  dispensing.reserve(request(traceCodes, saleId, holderId), caller);
const release = (saleId: string) => dispensing.release({ saleId, prescriptionId }, caller);
const abandoned = (saleId: string) => ({ context: saleContext, prescriptionId, pharmacyId: P1, saleId, refusals: [] });
const stateOf = async (traceCode: string) => answered(await gateway.getCode({ traceCode }, regulator)).state;
const kindsOf = async (traceCode: string) =>
  answered(await gateway.getCode({ traceCode }, regulator)).chain.map(({ kind }) => kind);
const reservationOf = async (saleId: string) =>
  (await database.sql<{ state: string }[]>`select state from reservation where sale_id = ${saleId}`)[0]?.state;

test('CX-14-3c a sale holds its packages; asked again it gets the same answer and holds nothing more', async () => {
  const saleId = randomUUID();
  assert.deepEqual(await reserve([d1(1), d1(2)], saleId), { reserved: 2 });
  assert.deepEqual(await reserve([d1(1), d1(2)], saleId), { reserved: 2 });
  assert.deepEqual(await kindsOf(d1(1)), ['RECEIVED', 'RESERVED']);
  assert.deepEqual(shown(await reserve([d1(1), d1(3)], saleId)), ['REQUEST_INVALID /saleId']);
  assert.equal(await stateOf(d1(3)), 'RECEIVED');
});

test('CX-14-3c the same reservation asked eight times at one instant takes effect once', async () => {
  const saleId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => reserve([d1(4)], saleId)));
  for (const answer of answers) assert.deepEqual(answer, { reserved: 1 });
  assert.deepEqual(await kindsOf(d1(4)), ['RECEIVED', 'RESERVED']);
});

test('AS-07 step 7: two tills scan one package for two sales at one instant, one wins, the other gets TRACE_CODE_DUPLICATE', async () => {
  for (let serial = 10; serial < 20; serial += 1) {
    const outcomes = (await Promise.all([reserve([d1(serial)]), reserve([d1(serial)])])).map(shown);
    outcomes.sort((a, b) => Number(Array.isArray(a)) - Number(Array.isArray(b)));
    assert.deepEqual(outcomes, [{ reserved: 1 }, ['TRACE_CODE_DUPLICATE /lines/0/traceCodes/0']]);
  }
});

test('CX-29b sales with crossing packages at one instant: no deadlock, no package twice, no half sale', async () => {
  const crossing = [
    [d1(20), d1(21), d1(22)],
    [d1(22), d1(20)],
    [d1(21), d1(23)],
    [d1(23), d1(22)],
  ];
  const outcomes = await Promise.all(crossing.map((codes) => reserve(codes)));
  const held = crossing.filter((_, index) => 'reserved' in (outcomes[index] ?? {})).flat();
  assert.ok(held.length >= 2);
  assert.equal(new Set(held).size, held.length);
  for (const serial of [20, 21, 22, 23]) {
    assert.equal(await stateOf(d1(serial)), held.includes(d1(serial)) ? 'RESERVED' : 'RECEIVED');
  }
});

test('GX-1-2-5f one wrong scan holds nothing of the sale, and the sale may come again with the right ones', async () => {
  const saleId = randomUUID();
  const wrong = await reserve([d1(25), d3(1), d1(900), '81000019999999999999', '8100001'], saleId);
  assert.deepEqual(shown(wrong), [
    'TRACE_CODE_PRODUCT_MISMATCH /lines/0/traceCodes/1',
    'TRACE_CODE_NOT_HELD /lines/0/traceCodes/2',
    'TRACE_CODE_UNKNOWN /lines/0/traceCodes/3',
    'TRACE_CODE_MALFORMED /lines/0/traceCodes/4',
  ]);
  assert.deepEqual(shown(await reserve([], saleId)), ['TRACE_CODE_MISSING /lines/0/traceCodes']);
  assert.equal(await stateOf(d1(25)), 'RECEIVED');
  assert.deepEqual(await kindsOf(d1(25)), ['RECEIVED']);
  assert.deepEqual(await reserve([d1(25)], saleId), { reserved: 1 });
});

test('CX-14-3c released packages are free for another sale; the released sale cannot hold any again', async () => {
  const saleId = randomUUID();
  answered(await reserve([d1(30), d1(31)], saleId));
  assert.deepEqual(await release(saleId), { released: 2 });
  assert.deepEqual(await release(saleId), { released: 2 });
  assert.deepEqual(await kindsOf(d1(30)), ['RECEIVED', 'RESERVED', 'RELEASED']);
  assert.deepEqual(shown(await reserve([d1(30), d1(31)], saleId)), ['INVALID_STATE_TRANSITION']);
  assert.deepEqual(await reserve([d1(30)]), { reserved: 1 });
});

test('CX-14-3c a release before its reservation leaves a tombstone: the late reservation is refused', async () => {
  const saleId = randomUUID();
  assert.deepEqual(await release(saleId), { released: 0 });
  assert.deepEqual(shown(await reserve([d1(32)], saleId)), ['INVALID_STATE_TRANSITION']);
  assert.equal(await stateOf(d1(32)), 'RECEIVED');
});

test('CX-14-3c reserve and release of one sale at one instant never leave a package held', async () => {
  for (let round = 0; round < 10; round += 1) {
    const saleId = randomUUID();
    await Promise.all([reserve([d1(33)], saleId), release(saleId), reserve([d1(33)], saleId)]);
    assert.equal(await stateOf(d1(33)), 'RECEIVED');
    assert.equal(await reservationOf(saleId), 'RELEASED');
  }
});

test('GJ-3a a completed sale sells what it reserved, once, at the time and by the actor of the sale', async () => {
  const saleId = randomUUID();
  answered(await reserve([d1(41), d1(40)], saleId));
  const event = await service.tell('erx.dispensing.v1.SaleCompleted', completed(saleId, [d1(41), d1(40)]));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(saleId, [d1(41), d1(40)]));
  const marker = await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(randomUUID()));
  await eventually(async () => (await database.sql`select from inbox where event_id = ${marker.id}`).length === 1);
  const read = answered(await gateway.getCode({ traceCode: d1(40) }, pharmacy(P1)));
  assert.equal(read.state, 'SOLD');
  assert.deepEqual(
    read.chain.map(({ kind, saleId: of, actor }) => [kind, of, actor?.operator]),
    [
      ['RECEIVED', '', ''],
      ['RESERVED', saleId, 'till-1'],
      ['SOLD', saleId, 'till-1'],
    ],
  );
  assert.deepEqual(read.chain.at(-1)?.at, saleContext.judgement.businessTime);
  const sold = (await eventsOf(service, prescriptionId)).filter(({ payload }) => payload['saleId'] === saleId);
  assert.equal(sold.length, 1);
  assert.equal(sold[0]?.type, 'CodesSold');
  assert.deepEqual(sold[0]?.payload['traceCodes'], [d1(41), d1(40)]);
  assert.equal(sold[0]?.headers['ce_causationid'], event.id);
  assert.equal(sold[0]?.headers['ce_territory'], '420106,420502');
  assert.deepEqual(shown(await release(saleId)), ['INVALID_STATE_TRANSITION']);
  assert.deepEqual(shown(await reserve([d1(40)])), ['TRACE_CODE_DUPLICATE /lines/0/traceCodes/0']);
});

test('CX-14-3c an abandoned sale gives its packages back, and forbids a reservation that never came', async () => {
  const [saleId, never] = [randomUUID(), randomUUID()];
  answered(await reserve([d1(45)], saleId));
  await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(saleId));
  await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(never));
  await eventually(async () => (await reservationOf(never)) === 'RELEASED');
  assert.equal(await stateOf(d1(45)), 'RECEIVED');
  assert.deepEqual(shown(await reserve([d1(45)], never)), ['INVALID_STATE_TRANSITION']);
});

test('a completed sale that contradicts its reservation is parked, changes nothing, and the events after it go on', async () => {
  const [other, unknown, good] = [randomUUID(), randomUUID(), randomUUID()];
  answered(await reserve([d1(50)], other));
  answered(await reserve([d1(52)], good));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(other, [d1(51)]));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(unknown, [d1(51)]));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(good, [d1(52)]));
  await eventually(async () => (await stateOf(d1(52))) === 'SOLD');
  assert.equal((await database.sql`select from parked`).length, 2);
  assert.deepEqual([await stateOf(d1(50)), await stateOf(d1(51))], ['RESERVED', 'RECEIVED']);
});

test('GJ-3a after all of it every package has one unbroken chain, and the books name who holds it', async () => {
  const books = await traceabilityBooks(database.sql);
  assert.deepEqual(books.brokenChains, []);
  const total = Object.values(books.states).reduce((sum, count) => sum + count, 0n);
  assert.equal(total, BigInt(CODES + 2));
  assert.equal(books.states['SOLD'], 3n);
  assert.equal(BigInt(books.taken.length), (books.states['SOLD'] ?? 0n) + (books.states['RESERVED'] ?? 0n));
  assert.equal(new Set(books.taken.map(({ traceCode }) => traceCode)).size, books.taken.length);
});

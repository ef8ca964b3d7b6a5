import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, D3, d1, d3, P1, P3 } from '../src/domain/trace-code.fixture.ts';
import { traceabilityBooks } from '../src/queries/books.ts';
import { answered, authority, eventsOf, note, pharmacy, regulator, shown, startTestTraceability } from './support.ts';

const service = await startTestTraceability();
test.after(() => service[Symbol.asyncDispose]());
const { gateway, database } = service;
const stock = async () =>
  (await database.sql<{ code: string }[]>`select trace_code as code from trace_code order by 1`).map((row) => row.code);

test('GJ-3a stock enters whole, with one event per note and the first step of every custody chain', async () => {
  const notes = [note('n1', [d1(2), d1(1)]), note('n2', [d3(1)], { drugCode: D3, holderId: P3 })];
  assert.deepEqual(await gateway.importStock({ notes }, authority('first')), { changed: 2, unchanged: 0 });
  const [received, ...more] = await eventsOf(service, 'n1');
  assert.equal(more.length, 0);
  assert.equal(received?.type, 'StockReceived');
  assert.equal(received?.headers['ce_territory'], '420106');
  assert.deepEqual(received?.payload['traceCodes'], [d1(2), d1(1)]);
  assert.equal(received?.payload['origin'], 'IMPORT');
  const chain = answered(await gateway.getCode({ traceCode: d1(1) }, regulator));
  assert.deepEqual([chain.state, chain.holderId, chain.drugCode, chain.batchNo], ['RECEIVED', P1, D1, 'B1']);
  assert.deepEqual(
    chain.chain.map(({ kind, holderId, actor, saleId }) => [kind, holderId, actor?.clientId, saleId]),
    [['RECEIVED', P1, 'authority-1', '']],
  );
});

test('a note that comes again is unchanged, whatever the order of its codes; with other content it is refused', async () => {
  const again = { notes: [note('n1', [d1(1), d1(2)]), note('n3', [d1(3)])] };
  assert.deepEqual(await gateway.importStock(again, authority('again')), { changed: 1, unchanged: 1 });
  assert.equal((await eventsOf(service, 'n1')).length, 1);
  const other = { notes: [note('n1', [d1(1), d1(2), d1(4)])] };
  assert.deepEqual(shown(await gateway.importStock(other, authority('other'))), ['REQUEST_INVALID /notes/0/noteId']);
});

test('the same key gives the first answer, for another body it is refused', async () => {
  const notes = [note('n1', [d1(2), d1(1)]), note('n2', [d3(1)], { drugCode: D3, holderId: P3 })];
  assert.deepEqual(await gateway.importStock({ notes }, authority('first')), { changed: 2, unchanged: 0 });
  assert.deepEqual(shown(await gateway.importStock({ notes: [] }, authority('first', 'x'))), [
    'IDEMPOTENCY_KEY_REUSED',
  ]);
});

test('one note imported by four requests at one instant is received once', async () => {
  const request = { notes: [note('twin', [d1(50), d1(51)])] };
  const answers = await Promise.all(
    ['a', 'b', 'c', 'c'].map((key) => gateway.importStock(request, authority(`twin-${key}`))),
  );
  assert.ok(answers.some((answer) => answered(answer).changed === 1));
  assert.equal((await eventsOf(service, 'twin')).length, 1);
  const steps = await database.sql`select from custody where trace_code = ${d1(50)}`;
  assert.equal(steps.length, 1);
});

test('GJ-3a one package in two notes at one instant: one is received, the other refused TRACE_CODE_DUPLICATE', async () => {
  const outcomes = await Promise.all(
    ['left', 'right'].map((noteId) => gateway.importStock({ notes: [note(noteId, [d1(60)])] }, authority(noteId))),
  );
  assert.deepEqual(
    outcomes.map(shown).sort((a, b) => Number(Array.isArray(a)) - Number(Array.isArray(b))),
    [{ changed: 1, unchanged: 0 }, ['TRACE_CODE_DUPLICATE /notes/0/traceCodes/0']],
  );
});

test('notes are received all or none, every problem at once, and a refused import changes nothing', async () => {
  const before = await stock();
  const notes = [
    note('n4', [d1(70)]),
    note('n5', [d1(1), d3(1), 'x'], { holderId: 'H1', expiresOn: 'soon' }),
    note('n6', [d1(70)], { drugCode: 'X' }),
  ];
  assert.deepEqual(shown(await gateway.importStock({ notes }, authority('wrong'))), [
    'REQUEST_INVALID /notes/1/holderId',
    'REQUEST_INVALID /notes/1/expiresOn',
    'TRACE_CODE_DUPLICATE /notes/1/traceCodes/0',
    'TRACE_CODE_PRODUCT_MISMATCH /notes/1/traceCodes/1',
    'TRACE_CODE_DUPLICATE /notes/1/traceCodes/1',
    'TRACE_CODE_MALFORMED /notes/1/traceCodes/2',
    'REQUEST_INVALID /notes/2/drugCode',
    'TRACE_CODE_PRODUCT_MISMATCH /notes/2/traceCodes/0',
    'TRACE_CODE_DUPLICATE /notes/2/traceCodes/0',
  ]);
  assert.deepEqual(await stock(), before);
  // The refused key is free: refusals are not stored.
  assert.deepEqual(await gateway.importStock({ notes: notes.slice(0, 1) }, authority('wrong')), {
    changed: 1,
    unchanged: 0,
  });
});

test('texts that no database holds are refused like other wrong ones', async () => {
  const notes = [note('n\u0000', ['8100001\u0000'], { batchNo: '\u0000', holderId: 'P\u0000', drugCode: '\u0000' })];
  assert.deepEqual(shown(await gateway.importStock({ notes }, authority('nul'))), [
    'REQUEST_INVALID /notes/0/noteId',
    'REQUEST_INVALID /notes/0/holderId',
    'REQUEST_INVALID /notes/0/drugCode',
    'REQUEST_INVALID /notes/0/batchNo',
    'TRACE_CODE_MALFORMED /notes/0/traceCodes/0',
  ]);
});

test('only the authority imports stock', async () => {
  const context = { ...pharmacy(P1), request: { clientId: 'c', key: 'own', hash: 'own' } };
  const outcome = await gateway.importStock({ notes: [note('own', [d1(80)])] }, context);
  assert.deepEqual(shown(outcome), ['ACCESS_SCOPE_DENIED']);
  assert.equal((await stock()).includes(d1(80)), false);
});

test('GJ-3a a pharmacy reads the chain of what it holds only; what is no code at all is malformed', async () => {
  assert.equal(answered(await gateway.getCode({ traceCode: d3(1) }, pharmacy(P3))).holderId, P3);
  assert.deepEqual(shown(await gateway.getCode({ traceCode: d3(1) }, pharmacy(P1))), ['TRACE_CODE_UNKNOWN /traceCode']);
  assert.deepEqual(shown(await gateway.getCode({ traceCode: d1(99) }, regulator)), ['TRACE_CODE_UNKNOWN /traceCode']);
  const elsewhere = { actor: { ...regulator.actor, division: '220000' } };
  assert.deepEqual(shown(await gateway.getCode({ traceCode: d3(1) }, elsewhere)), ['TRACE_CODE_UNKNOWN /traceCode']);
  assert.deepEqual(shown(await gateway.getCode({ traceCode: '1\u0000' }, regulator)), [
    'TRACE_CODE_MALFORMED /traceCode',
  ]);
});

test('the custody chain and its movements are append-only, and no chain is broken', async () => {
  for (const table of ['movement', 'custody']) {
    await assert.rejects(database.sql.unsafe(`delete from ${table}`), { code: '23001' });
    await assert.rejects(database.sql.unsafe(`truncate ${table} cascade`), { code: '23001' });
  }
  await assert.rejects(database.sql`update movement set holder_id = ${P3}`, { code: '23001' });
  await assert.rejects(database.sql`update custody set trace_code = ${d1(1)}`, { code: '23001' });
  const books = await traceabilityBooks(database.sql);
  assert.deepEqual(books.brokenChains, []);
  assert.equal(books.states['RECEIVED'], BigInt((await stock()).length));
});

// From the sale on: reversal, hand-over, recall, quality return.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { eventually } from '@erx/testkit';
import { D1, D3, d1, d3, P1, P3 } from '../src/domain/trace-code.fixture.ts';
import { traceabilityBooks } from '../src/queries/books.ts';
import {
  answered,
  authority,
  bookedBy,
  caller,
  completed,
  eventsOf,
  handedOver,
  note,
  prescriptionId,
  regulator,
  shown,
  startTestTraceability,
  unsound,
} from './support.ts';

const service = await startTestTraceability();
test.after(() => service[Symbol.asyncDispose]());
const { dispensing, gateway, database } = service;

const serials = Array.from({ length: 60 }, (_, index) => index + 1);
answered(await gateway.importStock({ notes: [note('d1', serials.map(d1))] }, authority('stock')));

const reserve = (traceCodes: string[], saleId: string = randomUUID()) =>
  dispensing.reserve(
    { saleId, prescriptionId, holderId: P1, lines: [{ lineNo: 1, drugCode: D1, traceCodes }] },
    caller,
  );
const returnSale = (saleId: string, leftCounter: string[] = []) =>
  dispensing.returnSale({ saleId, prescriptionId, leftCounter }, caller);
const blocked = async (saleId: string) =>
  answered(await dispensing.checkSale({ saleId }, caller)).blocked.map(({ traceCode, state }) => [traceCode, state]);
const codeOf = async (traceCode: string) => answered(await gateway.getCode({ traceCode }, regulator));
const stateOf = async (traceCode: string) => (await codeOf(traceCode)).state;
const lastStep = async (traceCode: string) => (await codeOf(traceCode)).chain.at(-1)?.kind;
const qualityReturn = (traceCodes: string[]) => ({
  noteId: randomUUID(),
  kind: 'QUALITY_RETURN',
  toHolderId: '',
  traceCodes,
  reason: '包装破损',
  mode: 'ALL_OR_NOTHING',
});

async function sell(traceCodes: string[], handOver = false): Promise<string> {
  const saleId = randomUUID();
  answered(await reserve(traceCodes, saleId));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(saleId, traceCodes));
  if (handOver) await service.tell('erx.dispensing.v1.HandedOver', handedOver(saleId));
  await eventually(async () => (await stateOf(traceCodes[0] ?? '')) === (handOver ? 'HANDED_OVER' : 'SOLD'));
  return saleId;
}

test('AS-05 a reversed sale: packs that never left the counter are in stock again, the others quarantined', async () => {
  const saleId = await sell([d1(1), d1(2)]);
  assert.deepEqual(await returnSale(saleId, [d1(2)]), { restocked: 1, quarantined: 1 });
  assert.deepEqual(await returnSale(saleId, [d1(2)]), { restocked: 1, quarantined: 1 });
  assert.deepEqual([await stateOf(d1(1)), await stateOf(d1(2))], ['RECEIVED', 'QUARANTINED']);
  assert.deepEqual(
    (await codeOf(d1(1))).chain.map(({ kind, place }) => [kind, place]),
    ['RECEIVED', 'RESERVED', 'SOLD', 'RETURNED'].map((kind) => [kind, '420106']),
  );
  const events = (await eventsOf(service, prescriptionId)).filter(({ type }) => type === 'CodesReturned');
  assert.deepEqual(
    events.map(({ payload }) => [payload['saleId'], payload['restocked'], payload['quarantined']]),
    [[saleId, [d1(1)], [d1(2)]]],
  );
  assert.deepEqual(await reserve([d1(1)]), { reserved: 1 });
  assert.deepEqual(shown(await reserve([d1(2)])), ['TRACE_CODE_RECALLED /lines/0/traceCodes/0']);
});

test('AS-05 a reversal before the news of the sale came: the late news has no effect, the packs stay in stock', async () => {
  const saleId = randomUUID();
  answered(await reserve([d1(3)], saleId));
  assert.deepEqual(await returnSale(saleId), { restocked: 1, quarantined: 0 });
  const news = await service.tell('erx.dispensing.v1.SaleCompleted', completed(saleId, [d1(3)]));
  await eventually(async () => (await database.sql`select from inbox where event_id = ${news.id}`).length === 1);
  assert.deepEqual([await stateOf(d1(3)), await lastStep(d1(3))], ['RECEIVED', 'RETURNED']);
  assert.equal((await database.sql`select from parked`).length, 0);
  assert.deepEqual(shown(await reserve([d1(3)], saleId)), ['INVALID_STATE_TRANSITION']);
});

test('AS-05 eight reversals of one sale at one instant give its packs back once', async () => {
  const saleId = await sell([d1(4)]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => returnSale(saleId)));
  for (const answer of answers) assert.deepEqual(answer, { restocked: 1, quarantined: 0 });
  assert.deepEqual(
    (await codeOf(d1(4))).chain.map(({ kind }) => kind),
    ['RECEIVED', 'RESERVED', 'SOLD', 'RETURNED'],
  );
});

test('AS-05 no reversal after the hand-over, of an unknown or released sale, or with packs of another sale', async () => {
  const [over, released] = [await sell([d1(5)], true), randomUUID()];
  answered(await dispensing.release({ saleId: released, prescriptionId }, caller));
  for (const saleId of [over, released, randomUUID()]) {
    assert.deepEqual(shown(await returnSale(saleId)), ['INVALID_STATE_TRANSITION']);
  }
  const saleId = await sell([d1(6)]);
  assert.deepEqual(shown(await returnSale(saleId, [d1(6), d1(5)])), ['REQUEST_INVALID /leftCounter/1']);
  assert.equal(await stateOf(d1(6)), 'SOLD');
});

test('GJ-3a a handed-over pack ends its chain with the hand-over, at the time and by the actor of it', async () => {
  await sell([d1(7)], true);
  const { chain } = await codeOf(d1(7));
  assert.deepEqual(
    chain.map(({ kind, actor }) => [kind, actor?.operator]),
    [
      ['RECEIVED', ''],
      ['RESERVED', 'till-1'],
      ['SOLD', 'till-1'],
      ['HANDED_OVER', 'till-1'],
    ],
  );
});

test('CX-14-3d quality return: only what the pharmacy handed over, to quarantine; the sale stays on record', async () => {
  const saleId = await sell([d1(8)], true);
  const sold = await sell([d1(9)]);
  assert.deepEqual(shown(await gateway.moveStock(qualityReturn([d1(8)]), bookedBy(P3))), [
    'TRACE_CODE_NOT_HELD /traceCodes/0',
  ]);
  assert.deepEqual(shown(await gateway.moveStock(qualityReturn([d1(9), d1(10)]), bookedBy(P1))), [
    'INVALID_STATE_TRANSITION /traceCodes/0',
    'INVALID_STATE_TRANSITION /traceCodes/1',
  ]);
  assert.deepEqual(await gateway.moveStock(qualityReturn([d1(8)]), bookedBy(P1)), { booked: 1, refused: [] });
  assert.deepEqual([await stateOf(d1(8)), await lastStep(d1(8))], ['QUARANTINED', 'QUALITY_RETURN']);
  const { taken } = await traceabilityBooks(database.sql);
  assert.ok(taken.some((code) => code.traceCode === d1(8) && code.saleId === saleId && code.state === 'SOLD'));
  assert.ok(taken.some((code) => code.traceCode === d1(9) && code.saleId === sold && code.state === 'SOLD'));
  assert.deepEqual(shown(await reserve([d1(8)])), ['TRACE_CODE_RECALLED /lines/0/traceCodes/0']);
});

test('AS-07 step 9: a recalled batch: stock is blocked, taken packs are stopped at the hand-over, holders are listed', async () => {
  const batch = { batchNo: 'B9' };
  const notes = [
    note('r1', [d1(901), d1(902), d1(903), d1(904)], batch),
    note('r2', [d1(905)], { ...batch, holderId: P3 }),
  ];
  answered(await gateway.importStock({ notes }, authority('recall-stock')));
  const [open, sold, gone] = [randomUUID(), await sell([d1(902)]), await sell([d1(903)], true)];
  answered(await reserve([d1(901)], open));
  const request = { drugCode: D1, batchNo: 'B9', reason: '杂质超标' };
  const recall = answered(await gateway.recallBatch(request, authority('recall')));
  assert.deepEqual(recall.holders, [
    { holderId: P1, state: 'HANDED_OVER', traceCodes: [d1(903)] },
    { holderId: P1, state: 'RECEIVED', traceCodes: [d1(904)] },
    { holderId: P1, state: 'RESERVED', traceCodes: [d1(901)] },
    { holderId: P1, state: 'SOLD', traceCodes: [d1(902)] },
    { holderId: P3, state: 'RECEIVED', traceCodes: [d1(905)] },
  ]);
  assert.deepEqual(
    [await stateOf(d1(904)), await stateOf(d1(905)), await stateOf(d1(901)), await stateOf(d1(902))],
    ['RECALLED', 'RECALLED', 'RESERVED', 'SOLD'],
  );
  assert.deepEqual(shown(await reserve([d1(904)])), ['TRACE_CODE_RECALLED /lines/0/traceCodes/0']);
  assert.deepEqual(await blocked(open), [[d1(901), 'RECALLED']]);
  assert.deepEqual(await blocked(sold), [[d1(902), 'RECALLED']]);
  assert.deepEqual(await blocked(gone), []);
  const [event, ...more] = await eventsOf(service, recall.recallId);
  assert.equal(more.length, 0);
  assert.equal(event?.headers['ce_territory'], '420106,420502');

  // Reversed, released, or received later: recalled packs never reach the stock.
  assert.deepEqual(await returnSale(sold), { restocked: 0, quarantined: 1 });
  answered(await dispensing.release({ saleId: open, prescriptionId }, caller));
  answered(await gateway.importStock({ notes: [note('r3', [d1(906)], batch)] }, authority('late')));
  for (const code of [d1(901), d1(902), d1(906)]) assert.equal(await stateOf(code), 'RECALLED');
  const again = answered(await gateway.getRecall({ recallId: recall.recallId }, regulator));
  assert.deepEqual(again.holders[1], { holderId: P1, state: 'RECEIVED', traceCodes: [d1(904), d1(906)] });

  const holdersFor = async (division: string) => {
    const actor = { ...regulator.actor, division };
    const { holders } = answered(await gateway.getRecall({ recallId: recall.recallId }, { actor }));
    return [...new Set(holders.map(({ holderId }) => holderId))];
  };
  assert.deepEqual(await holdersFor('420502'), [P3], 'CX-7c another county sees its own holders only');
  assert.deepEqual(await holdersFor('220000'), []);
});

const clear = (saleId: string) => dispensing.clearHandOver({ saleId }, caller);

/** A batch of its own with one pack, sold and still on the counter; and its recall. */
async function soldOfBatch(serial: number) {
  const batchNo = `clear-${serial}`;
  const code = d1(serial);
  answered(await gateway.importStock({ notes: [note(batchNo, [code], { batchNo })] }, authority(batchNo)));
  const saleId = randomUUID();
  answered(await reserve([code], saleId));
  const recall = () => gateway.recallBatch({ drugCode: D1, batchNo, reason: 'r' }, authority(`recall-${batchNo}`));
  return { code, saleId, recall };
}

test('CX-14-3d a recall before the clearance stops the hand-over; after it, it says that the pack may be gone', async () => {
  const stopped = await soldOfBatch(6_001);
  assert.deepEqual(answered(await stopped.recall()).holders, [
    { holderId: P1, state: 'RESERVED', traceCodes: [stopped.code] },
  ]);
  const [refused] = shown(await clear(stopped.saleId)) as string[];
  assert.equal(refused, 'TRACE_CODE_RECALLED');
  const late = await soldOfBatch(6_002);
  assert.deepEqual(await clear(late.saleId), { cleared: 1 });
  assert.deepEqual(answered(await late.recall()).holders, [
    { holderId: P1, state: 'HANDING_OVER', traceCodes: [late.code] },
  ]);
  // Not committed after all: whoever comes again is stopped by the recall.
  assert.deepEqual(shown(await clear(late.saleId)), ['TRACE_CODE_RECALLED']);
  // Taken back instead: recalled, and no longer on its way to anybody.
  assert.deepEqual(await returnSale(late.saleId), { restocked: 0, quarantined: 1 });
  assert.equal(await stateOf(late.code), 'RECALLED');
});

test('CX-14-3d a clearance and the recall of its batch at one instant agree on which of them came first', async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const { saleId, recall } = await soldOfBatch(6_100 + round);
    const both = round % 2 === 0 ? [clear(saleId), recall()] : [recall(), clear(saleId)];
    const [first = {}, second = {}] = await Promise.all<object>(both);
    const [cleared, recalled] = round % 2 === 0 ? [first, second] : [second, first];
    const { holders } = recalled as { holders: { state: string }[] };
    outcomes.add(`${'cleared' in cleared ? 'cleared' : shown(cleared)} ${holders[0]?.state}`);
  }
  for (const outcome of outcomes) {
    assert.ok(['cleared HANDING_OVER', 'TRACE_CODE_RECALLED RESERVED'].includes(outcome), outcome);
  }
});

test('CX-14-3d a reversed sale takes its clearance along: sold again, the pack is on the counter like any other', async () => {
  const { code, saleId, recall } = await soldOfBatch(6_200);
  assert.deepEqual(await clear(saleId), { cleared: 1 });
  assert.deepEqual(await returnSale(saleId), { restocked: 1, quarantined: 0 });
  answered(await reserve([code]));
  assert.deepEqual(answered(await recall()).holders, [{ holderId: P1, state: 'RESERVED', traceCodes: [code] }]);
});

test('CX-14-3d a batch is recalled once: the same key, another key, and ten at one instant get one recall', async () => {
  const request = { drugCode: D3, batchNo: 'none yet', reason: '召回' };
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => gateway.recallBatch(request, authority(`once-${index % 5}`))),
  );
  assert.equal(new Set(answers.map((answer) => answered(answer).recallId)).size, 1);
  assert.deepEqual(answered(answers[0] ?? { refused: [] }).holders, []);
});

test('CX-14-3d a receipt and the recall of its batch at one instant: no pack of the batch stays in stock', async () => {
  for (let round = 0; round < 10; round += 1) {
    const batchNo = `race-${round}`;
    const codes = [d1(5_000 + 2 * round), d1(5_001 + 2 * round)];
    await Promise.all([
      gateway.importStock({ notes: [note(batchNo, codes, { batchNo })] }, authority(batchNo)),
      gateway.recallBatch({ drugCode: D1, batchNo, reason: 'race' }, authority(`recall-${batchNo}`)),
    ]);
    for (const code of codes) assert.equal(await stateOf(code), 'RECALLED');
  }
});

test('CX-14-3d wrong recalls are refused, and who may recall and read is bounded by role', async () => {
  const wrong = { drugCode: 'X', batchNo: '', reason: '' };
  assert.deepEqual(shown(await gateway.recallBatch(wrong, authority('wrong'))), [
    'REQUEST_INVALID /drugCode',
    'REQUEST_INVALID /batchNo',
    'REQUEST_INVALID /reason',
  ]);
  const request = { drugCode: D1, batchNo: 'B1', reason: 'r' };
  assert.deepEqual(shown(await gateway.recallBatch(request, bookedBy(P1))), ['ACCESS_SCOPE_DENIED']);
  for (const recallId of ['x', randomUUID()]) {
    assert.deepEqual(shown(await gateway.getRecall({ recallId }, regulator)), ['NOT_FOUND']);
  }
  assert.equal(await stateOf(d1(50)), 'RECEIVED');
});

test('AS-07 step 8: a sold code in a delivery elsewhere is refused, quarantined, and recorded with both sides', async () => {
  const saleId = await sell([d1(20)]);
  const request = { notes: [note('fake', [d1(20)], { holderId: P3 })], mode: 'ALL_OR_NOTHING' };
  const refusedTwice = ['TRACE_CODE_DUPLICATE /notes/0/traceCodes/0'];
  assert.deepEqual(shown(await gateway.receiveStock(request, bookedBy(P3))), refusedTwice);
  assert.deepEqual(shown(await gateway.receiveStock(request, bookedBy(P3))), refusedTwice);
  const code = await codeOf(d1(20));
  assert.deepEqual([code.state, code.holderId, code.chain.at(-1)?.kind], ['QUARANTINED', P1, 'QUARANTINED']);
  assert.equal(code.chain.at(-1)?.actor?.institutionId, P3);
  assert.deepEqual(await blocked(saleId), [[d1(20), 'QUARANTINED']]);
  const { conflicts } = answered(await gateway.listConflicts({ afterConflictId: '', limit: 200 }, regulator));
  const [conflict, ...more] = conflicts.filter(({ traceCode }) => traceCode === d1(20));
  assert.equal(more.length, 0);
  assert.equal(conflict?.kind, 'DUPLICATE_RECEIPT');
  assert.deepEqual(conflict?.known, { holderId: P1, state: 'SOLD', saleId, noteId: 'd1' });
  assert.deepEqual(conflict?.claimed, { holderId: P3, state: '', saleId: '', noteId: 'fake' });
  assert.equal((await eventsOf(service, d1(20))).length, 1);
  assert.equal((await database.sql`select from delivery_note where note_id = 'fake'`).length, 0);
  // The news of the hand-over may still be under way: the pack stays quarantined, the sale can be reversed otherwise.
  assert.deepEqual(await returnSale(saleId), { restocked: 0, quarantined: 1 });
  assert.equal(await stateOf(d1(20)), 'QUARANTINED');
});

test('AS-07 step 8: a note that comes again beside a wrong one does not quarantine what it brought itself', async () => {
  const own = note('own', [d1(700)]);
  answered(await gateway.receiveStock({ notes: [own], mode: 'EACH' }, bookedBy(P1)));
  await sell([d1(700)]);
  const wrong = { notes: [own, note('wrong', ['x'])], mode: 'ALL_OR_NOTHING' };
  assert.deepEqual(shown(await gateway.receiveStock(wrong, bookedBy(P1))), [
    'TRACE_CODE_MALFORMED /notes/1/traceCodes/0',
  ]);
  assert.equal(await stateOf(d1(700)), 'SOLD');
});

test('AS-07 step 8: a handed-over code keeps its sale and its chain when it is quarantined', async () => {
  await sell([d1(21)], true);
  const request = { notes: [note('fake-2', [d1(21)], { holderId: P3 })], mode: 'EACH' };
  const answer = answered(await gateway.receiveStock(request, bookedBy(P3)));
  assert.equal(answer.booked, 0);
  assert.deepEqual(
    answer.refused.map(({ traceCode, refusals }) => [traceCode, refusals[0]?.code]),
    [[d1(21), 'TRACE_CODE_DUPLICATE']],
  );
  assert.deepEqual(
    (await codeOf(d1(21))).chain.map(({ kind }) => kind),
    ['RECEIVED', 'RESERVED', 'SOLD', 'HANDED_OVER', 'QUARANTINED'],
  );
  const { taken } = await traceabilityBooks(database.sql);
  assert.ok(taken.some(({ traceCode, state }) => traceCode === d1(21) && state === 'SOLD'));
});

test('AS-07 steps 1 and 2: a sold code scanned again is recorded once a sale, elsewhere also as not held', async () => {
  await sell([d1(22)]);
  const [again, elsewhere] = [randomUUID(), randomUUID()];
  const atP3 = { lines: [{ lineNo: 1, drugCode: D1, traceCodes: [d1(22)] }], prescriptionId, holderId: P3 };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    assert.deepEqual(shown(await reserve([d1(22)], again)), ['TRACE_CODE_DUPLICATE /lines/0/traceCodes/0']);
    assert.deepEqual(shown(await dispensing.reserve({ ...atP3, saleId: elsewhere }, caller)), [
      'TRACE_CODE_DUPLICATE /lines/0/traceCodes/0',
      'TRACE_CODE_NOT_HELD /lines/0/traceCodes/0',
    ]);
  }
  const { conflicts } = answered(await gateway.listConflicts({ afterConflictId: '', limit: 200 }, regulator));
  assert.deepEqual(
    conflicts.filter(({ traceCode }) => traceCode === d1(22)).map(({ kind, claimed }) => [kind, claimed?.saleId]),
    [
      ['DUPLICATE_SALE', again],
      ['DUPLICATE_SALE', elsewhere],
      ['NOT_HELD', elsewhere],
    ],
  );
  assert.equal(await stateOf(d1(22)), 'SOLD');
});

test('conflicts are read in pages, by regulators of a side only', async () => {
  const all = answered(await gateway.listConflicts({ afterConflictId: '', limit: 200 }, regulator)).conflicts;
  const pages: string[] = [];
  for (let after = ''; ; ) {
    const page = answered(await gateway.listConflicts({ afterConflictId: after, limit: 2 }, regulator)).conflicts;
    pages.push(...page.map(({ conflictId }) => conflictId));
    after = page.at(-1)?.conflictId ?? '';
    if (after === '') break;
  }
  assert.deepEqual(
    pages,
    all.map(({ conflictId }) => conflictId),
  );
  const of = (division: string) => ({ actor: { ...regulator.actor, division } });
  const seenBy = async (division: string) =>
    answered(await gateway.listConflicts({ afterConflictId: '', limit: 200 }, of(division))).conflicts.length;
  assert.equal(await seenBy('100000'), all.length);
  assert.equal(await seenBy('450000'), 0);
  assert.ok((await seenBy('420502')) < all.length);
  for (const [limit, after] of [
    [0, ''],
    [201, ''],
    [5, 'x'],
    [5, randomUUID()],
  ] as const) {
    const outcome = await gateway.listConflicts({ afterConflictId: after, limit }, regulator);
    assert.equal((shown(outcome) as string[])[0]?.split(' ')[0], 'REQUEST_INVALID');
  }
});

test('GJ-3a after all of it every chain is unbroken and the stock ledger equals the packages', async () => {
  assert.deepEqual(await unsound(service), []);
  // It can tell: one package changed without its step, one difference lost.
  await database.sql`update trace_code set state = 'LOST' where trace_code = ${d1(60)}`;
  assert.deepEqual(await unsound(service), [d1(60)]);
  await database.sql`delete from stock_change where change_id = (select max(change_id) from stock_change)`;
  assert.ok((await unsound(service)).length > 1);
  assert.equal((await eventsOf(service, d3(1))).length, 0);
});

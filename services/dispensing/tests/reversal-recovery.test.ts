import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@erx/testkit';
import { newPackage, openCounter } from './counter.ts';
import type { Method } from './fake-peers.ts';
import { remains } from './hospital.ts';
import { answered, startTestDispensing, type TestDispensing } from './support.ts';

async function sold(hub: TestDispensing) {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  await counter.approve();
  const codes = [newPackage(), newPackage()];
  const { saleId } = await counter.buy(2n, codes);
  await eventually(async () => (await remains(hub, issued))[0] === 'SETTLED');
  const context = counter.till();
  const request = { saleId, reason: '参保人未取药', leftCounter: codes.slice(0, 1) };
  /** The same request at another process of the service. */
  const reverseAt = ({ client }: Pick<TestDispensing, 'client'>) => client.reverseSale(request, context);
  return { issued, counter, codes, saleId, context, reverseAt };
}

type Sold = Awaited<ReturnType<typeof sold>>;

/** Taken back once, wholly: packs, money, quantities, events, and the answer. */
async function assertTakenBack(hub: TestDispensing, { issued, codes, saleId }: Sold) {
  const [row] = await hub.database.sql`select state from sale where sale_id = ${saleId}`;
  assert.equal(row?.['state'], 'REVERSED');
  assert.deepEqual(await remains(hub, issued), ['CIRCULATING', [2, 0, 0, 0, 0]]);
  const types = (await hub.eventsOf(issued.prescriptionId)).map(({ type }) => type);
  assert.deepEqual(types.slice(-3), ['SaleCompleted', 'SaleReversing', 'SaleReversed']);
  assert.ok(!hub.peers.settled.has(saleId) && hub.peers.reversed.has(saleId));
  const back = { quarantined: codes.slice(0, 1), restocked: codes.slice(1) };
  assert.deepEqual(hub.peers.returned.get(saleId), back);
  assert.equal((await hub.database.sql`select from sale_code where sale_id = ${saleId}`).count, 0);
}

const steps: readonly [Method, 'before' | 'after'][] = [
  ['reverse', 'before'],
  ['reverse', 'after'],
  ['returnSale', 'before'],
  ['returnSale', 'after'],
];

describe('a process that freezes in the middle of a reversal', () => {
  const frozen = { leaseMs: 700, answerMs: 60_000, waitMs: 300, lookMs: 60_000 };
  let hub: TestDispensing;
  let other: Awaited<ReturnType<TestDispensing['startAnother']>>;
  const frozenAt: { wake: () => void; reversed: Sold }[] = [];
  before(async () => {
    hub = await startTestDispensing(frozen);
    other = await hub.startAnother({ lookMs: 25, waitMs: 30_000 });
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await hub[Symbol.asyncDispose]();
  });

  for (const [method, when] of steps) {
    test(`HB-37a ${when} ${method}: another process takes the sale back, and a repeat waits for it`, async () => {
      const sale = await sold(hub);
      const wake = hub.peers.hang(method, when);
      assert.equal(answered(await sale.reverseAt(hub)).state, 'REVERSING');
      assert.equal(answered(await sale.reverseAt(other)).state, 'REVERSED');
      await assertTakenBack(hub, sale);
      frozenAt.push({ wake, reversed: sale });
    });
  }

  test('HB-37a the process that froze wakes and changes nothing any more', async () => {
    const versions = () => hub.database.sql`select sale_id, state, version from sale order by sale_id`;
    const then = [...(await versions())];
    for (const { wake } of frozenAt) wake();
    await hub.stop();
    for (const { reversed } of frozenAt) await assertTakenBack(hub, reversed);
    assert.deepEqual([...(await versions())], then);
    assert.equal(then.length, steps.length);
  });
});

describe('a service that dies in the middle of a reversal', () => {
  for (const [method, when] of steps) {
    test(`HB-37a ${when} ${method}: the next one goes on from there, and the repeat gets its answer`, async () => {
      await using hub = await startTestDispensing({ leaseMs: 700, answerMs: 300, waitMs: 200, retryMs: 600 });
      const sale = await sold(hub);
      const wake = hub.peers.hang(method, when);
      assert.equal(answered(await sale.reverseAt(hub)).state, 'REVERSING');
      await hub.stop();
      wake();
      await using next = await hub.startAnother({ waitMs: 30_000 });
      const answer = answered(await sale.reverseAt(next));
      assert.equal(answer.state, 'REVERSED');
      await assertTakenBack(hub, sale);
      assert.deepEqual(answered(await sale.reverseAt(next)), answer);
    });
  }
});

test('HB-37a a reversal is never given up, however long settlement or traceability are away', async () => {
  await using hub = await startTestDispensing({ lookMs: 60_000 });
  const sale = await sold(hub);
  // It would give a sale up after the first step without an answer.
  await using tired = await hub.startAnother({ lookMs: 25, waitMs: 200, retryMs: 20, answerMs: 100, maxAttempts: 1 });
  hub.peers.away('reverse', 'returnSale');
  assert.equal(answered(await sale.reverseAt(tired)).state, 'REVERSING');
  await eventually(async () => hub.peers.calls.filter(({ method }) => method === 'reverse').length > 3);
  assert.deepEqual(await remains(hub, sale.issued), ['SETTLED', [0, 0, 2, 0, 0]]);
  hub.peers.hooks = {};
  await eventually(async () => (await remains(hub, sale.issued))[0] === 'CIRCULATING');
  await assertTakenBack(hub, sale);
});

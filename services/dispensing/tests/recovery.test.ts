import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refuse } from '@erx/errors';
import { eventually } from '@erx/testkit';
import { newPackage, openCounter } from './counter.ts';
import type { Method } from './fake-peers.ts';
import { answered, refusals, startTestDispensing, type TestDispensing } from './support.ts';

async function atTheTill(hub: TestDispensing) {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  await counter.approve();
  const { quoteToken } = answered(await counter.quote(2n));
  const context = counter.till();
  const codes = [newPackage(), newPackage()];
  const { prescriptionId } = issued;
  /** The same request at another process of the service. */
  const sellAt = ({ client }: Pick<TestDispensing, 'client'>) =>
    client.sell(
      { grantId: counter.grantId, prescriptionId, quoteToken, lines: [{ lineNo: 1, traceCodes: codes }] },
      context,
    );
  return { counter, context, codes, prescriptionId, sellAt, sell: () => sellAt(hub) };
}

type Till = Awaited<ReturnType<typeof atTheTill>>;

async function outcomeOf(hub: TestDispensing, { context }: Till): Promise<string> {
  const { key = '' } = context.request ?? {};
  return answered(await hub.system.getRequest({ key }, context)).state;
}

/** One sale that is wholly there, or wholly not: packs, money, quantities, events, and the answer. */
async function assertWhole(hub: TestDispensing, { prescriptionId, codes }: Till, ended: 'sold' | 'not sold') {
  const rows = await hub.database.sql<{ sale_id: string; state: string }[]>`
    select sale_id, state from sale where prescription_id = ${prescriptionId}`;
  assert.equal(rows.length, 1);
  const { sale_id: saleId = '', state } = rows[0] ?? {};
  const [line] = await hub.database.sql`
    select open, held, sold from prescription_line where prescription_id = ${prescriptionId}`;
  const events = await hub.eventsOf(prescriptionId);
  const last = events.at(-1)?.type;
  const sold = ended === 'sold';
  assert.equal(state, sold ? 'COMPLETED' : 'ABANDONED');
  assert.deepEqual({ ...line }, sold ? { open: 0n, held: 0n, sold: 20_000n } : { open: 20_000n, held: 0n, sold: 0n });
  assert.equal(last, sold ? 'SaleCompleted' : 'SaleAbandoned');
  assert.equal(events.filter(({ type }) => type === 'SaleCompleted').length, sold ? 1 : 0);
  assert.equal(hub.peers.settled.has(saleId), sold);
  assert.equal(hub.peers.holderOf(codes[0] ?? ''), sold ? saleId : undefined);
}

describe('a process that freezes in the middle of a sale', () => {
  // It may hang for ever and takes nothing up again by itself; its leases are short.
  const frozen = { leaseMs: 700, answerMs: 60_000, waitMs: 300, lookMs: 60_000 };
  let hub: TestDispensing;
  let other: Awaited<ReturnType<TestDispensing['startAnother']>>;
  before(async () => {
    hub = await startTestDispensing(frozen);
    other = await hub.startAnother({ lookMs: 25, waitMs: 25_000 });
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await hub[Symbol.asyncDispose]();
  });

  const frozenAt: { wake: () => void; unchanged: () => Promise<void> }[] = [];
  const steps: readonly [Method, 'before' | 'after', 'sold' | 'not sold'][] = [
    ['reserve', 'before', 'sold'],
    ['reserve', 'after', 'sold'],
    ['settle', 'before', 'sold'],
    ['settle', 'after', 'sold'],
    ['reverse', 'before', 'not sold'],
    ['reverse', 'after', 'not sold'],
    ['release', 'before', 'not sold'],
    ['release', 'after', 'not sold'],
  ];
  for (const [method, when, ended] of steps) {
    test(`HB-37a ${when} ${method}: another process drives the sale on`, async () => {
      const till = await atTheTill(hub);
      hub.peers.hooks = {};
      if (ended === 'not sold') hub.peers.hooks.settle = async () => refuse('SETTLE_QUOTE_STALE');
      const wake = hub.peers.hang(method, when);
      assert.equal(answered(await till.sell()).state, 'RUNNING');
      assert.equal(await outcomeOf(hub, till), 'RUNNING');
      // A repeat waits for the end, wherever it arrives.
      const repeated = await till.sellAt(other);
      if (ended === 'sold') assert.equal(answered(repeated).state, 'COMPLETED');
      else assert.deepEqual(refusals(repeated), ['SETTLE_QUOTE_STALE']);
      await assertWhole(hub, till, ended);
      frozenAt.push({ wake, unchanged: () => assertWhole(hub, till, ended) });
    });
  }

  test('HB-37a at the commit: two processes that both reach it commit once', async () => {
    const till = await atTheTill(hub);
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    // Nobody can commit as long as the prescription's row is held here.
    const holding = hub.database.sql.begin(async (sql) => {
      await asked.promise;
      await sql`select 1 from prescription where prescription_id = ${till.prescriptionId} for update`;
      held.resolve();
      await free.promise;
    });
    hub.peers.hooks.settle = async (then) => {
      asked.resolve();
      await held.promise;
      return then();
    };
    assert.equal(answered(await till.sell()).state, 'RUNNING');
    const waiting = async () => {
      const [row] = await hub.database.sql`select count(*)::int as n from pg_locks where not granted`;
      return Number(row?.['n']);
    };
    await eventually(async () => (await waiting()) >= 2);
    free.resolve();
    await holding;
    assert.equal(answered(await till.sellAt(other)).state, 'COMPLETED');
    await assertWhole(hub, till, 'sold');
    frozenAt.push({ wake: () => {}, unchanged: () => assertWhole(hub, till, 'sold') });
  });

  test('HB-37a the process that froze wakes and changes nothing any more', async () => {
    const versions = () => hub.database.sql`select sale_id, version from sale order by sale_id`;
    const before = [...(await versions())];
    for (const { wake } of frozenAt) wake();
    // Stopping it waits for the steps that go on now.
    await hub.stop();
    for (const { unchanged } of frozenAt) await unchanged();
    assert.deepEqual([...(await versions())], before);
    assert.equal(before.length, frozenAt.length);
  });
});

describe('a part of the hub that is away', () => {
  test('HB-37a is asked again until it answers; the caller hears RUNNING and then the sale', async () => {
    await using hub = await startTestDispensing({ waitMs: 200, retryMs: 50, answerMs: 100, maxAttempts: 1_000 });
    const till = await atTheTill(hub);
    hub.peers.away('settle');
    assert.equal(answered(await till.sell()).state, 'RUNNING');
    hub.peers.hooks = {};
    await eventually(async () => (await outcomeOf(hub, till)) === 'DONE');
    await assertWhole(hub, till, 'sold');
    assert.equal(answered(await till.sell()).state, 'COMPLETED');
  });

  test('HB-37a a clock that ran hours ahead and was put right leaves no sale waiting for hours', async () => {
    await using hub = await startTestDispensing({ waitMs: 200, retryMs: 2_000, answerMs: 100, maxAttempts: 1_000 });
    const till = await atTheTill(hub);
    hub.peers.away('settle');
    assert.equal(answered(await till.sell()).state, 'RUNNING');
    hub.peers.hooks = {};
    await hub.database.sql`update sale set lease_until = now() + interval '3 hours'`;
    await eventually(async () => (await outcomeOf(hub, till)) === 'DONE');
    await assertWhole(hub, till, 'sold');
  });

  test('HB-37a when it stays away the sale is given up, nothing is left of it, and the key is free', async () => {
    await using hub = await startTestDispensing({ waitMs: 25_000, retryMs: 10, answerMs: 100, maxAttempts: 2 });
    const till = await atTheTill(hub);
    hub.peers.away('settle');
    assert.deepEqual(refusals(await till.sell()), ['SERVICE_UNAVAILABLE']);
    await assertWhole(hub, till, 'not sold');
    assert.equal(await outcomeOf(hub, till), 'NONE');
    hub.peers.hooks = {};
    assert.equal(answered(await till.sell()).state, 'COMPLETED');
  });

  test('HB-37a what is taken back is taken back however long it lasts, and meanwhile nobody else can have it', async () => {
    await using hub = await startTestDispensing({ waitMs: 200, retryMs: 20, answerMs: 100, maxAttempts: 1 });
    const till = await atTheTill(hub);
    hub.peers.away('settle', 'reverse');
    assert.equal(answered(await till.sell()).state, 'RUNNING');
    await eventually(async () => hub.peers.calls.filter(({ method }) => method === 'reverse').length > 3);
    assert.deepEqual(refusals(await till.counter.quote()), ['INVALID_STATE_TRANSITION']);
    hub.peers.hooks = {};
    await eventually(async () => (await outcomeOf(hub, till)) === 'NONE');
    await assertWhole(hub, till, 'not sold');
  });

  test('CX-22c a quote that ends while settlement is away gives the sale up', async () => {
    await using hub = await startTestDispensing({ waitMs: 200, retryMs: 20, answerMs: 100, maxAttempts: 1_000 });
    const till = await atTheTill(hub);
    hub.peers.away('settle');
    assert.equal(answered(await till.sell()).state, 'RUNNING');
    hub.clock.set('2025-06-06T09:15:00+08:00');
    await eventually(async () => (await outcomeOf(hub, till)) === 'NONE');
    await assertWhole(hub, till, 'not sold');
  });
});

test('HB-37a a service that stops in the middle leaves the sale to the next one, which finishes it', async () => {
  await using hub = await startTestDispensing({
    leaseMs: 700,
    answerMs: 100,
    waitMs: 200,
    retryMs: 600,
    maxAttempts: 1_000,
  });
  const till = await atTheTill(hub);
  hub.peers.away('reserve');
  assert.equal(answered(await till.sell()).state, 'RUNNING');
  await hub.stop();
  hub.peers.hooks = {};
  await using next = await hub.startAnother();
  await eventually(async () => {
    const rows = await hub.database.sql`select state from sale where prescription_id = ${till.prescriptionId}`;
    return rows[0]?.['state'] === 'COMPLETED';
  });
  await assertWhole(hub, till, 'sold');
  const [row] = await hub.database.sql`select sale_id from sale where prescription_id = ${till.prescriptionId}`;
  const saleId = String(row?.['sale_id']);
  assert.equal(answered(await next.client.getSale({ saleId }, till.counter.till())).state, 'COMPLETED');
});

test('AS-07 7 a pack that another completed sale has is never sold again, even if traceability forgot it', async () => {
  await using hub = await startTestDispensing();
  const first = await atTheTill(hub);
  answered(await first.sell());
  hub.peers.reserved.clear();
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  await counter.approve();
  const { quoteToken } = answered(await counter.quote(2n));
  assert.deepEqual(refusals(await counter.sell(quoteToken, first.codes)), ['TRACE_CODE_DUPLICATE']);
  const [line] = await hub.database.sql`
    select open, held, sold from prescription_line where prescription_id = ${issued.prescriptionId}`;
  assert.deepEqual({ ...line }, { open: 20_000n, held: 0n, sold: 0n });
});

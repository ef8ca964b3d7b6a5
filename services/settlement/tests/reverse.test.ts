import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { eventually } from '@erx/testkit';
import { basis } from '../src/domain/basis.fixture.ts';
import { settlementBooks } from '../src/queries/books.ts';
import { answered, caller, eventsOf, saleContext, shown, somebody, startTestSettlement } from './support.ts';

const service = await startTestSettlement();
test.after(() => service[Symbol.asyncDispose]());
const { client, database } = service;

const { prescriptionId, pharmacyId } = basis();
const stateOf = async (saleId: string) =>
  (await database.sql<{ state: string }[]>`select state from settlement where sale_id = ${saleId}`)[0]?.state;
const accountOf = async (personId: string) =>
  (await database.sql`select deductible_used, basic_used from accumulator where person_id = ${personId}`)[0];
const completed = (sale: { saleId: string; settlementId: string }) => ({
  context: saleContext,
  prescriptionId,
  pharmacyId,
  personId: randomUUID(),
  lines: [],
  amounts: undefined,
  usedUp: true,
  ...sale,
});
const abandoned = (saleId: string) => ({ context: saleContext, prescriptionId, pharmacyId, saleId, refusals: [] });

test('HB-37a a reversal restores ledger and account; a later sale of the year stands', async () => {
  const insurance = somebody({ insuranceType: '390' });
  const first = await service.sell(basis({ insurance }));
  const second = await service.sell(basis({ insurance }));
  const later = { deductible_used: 0n, basic_used: second.amounts?.basic };
  assert.deepEqual(await client.reverse({ saleId: first.saleId, prescriptionId }, caller), { outcome: 'REVERSED' });
  assert.deepEqual(await accountOf(insurance.personId), later);
  const rest = await database.sql`
    select account from ledger_entry where sale_id = ${first.saleId} group by account having sum(amount) <> 0`;
  assert.deepEqual([...rest], []);
  assert.equal(await stateOf(second.saleId), 'SETTLED');
  const [made, reversed] = await eventsOf(service, first.saleId);
  assert.deepEqual([made?.type, reversed?.type], ['SettlementMade', 'SettlementReversed']);
  assert.equal(reversed?.headers['ce_causationid'], made?.headers['ce_id']);
  assert.equal(reversed?.headers['ce_territory'], '420106,420100');
  const steps =
    await database.sql`select state from settlement_step where sale_id = ${first.saleId} order by business_at`;
  assert.equal(steps.length, 2);
});

test('HB-37a a repeated reversal changes nothing, and the sale cannot be settled again', async () => {
  const asked = basis({ insurance: somebody() });
  const { quoteToken } = answered(await client.quote({ basis: asked }, caller));
  const request = { saleId: randomUUID(), basis: asked, quoteToken };
  answered(await client.settle(request, caller));
  const reversal = { saleId: request.saleId, prescriptionId };
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => client.reverse(reversal, caller)));
  assert.deepEqual(new Set(outcomes.map((outcome) => JSON.stringify(outcome))), new Set(['{"outcome":"REVERSED"}']));
  assert.equal((await eventsOf(service, request.saleId)).length, 2);
  assert.deepEqual(shown(await client.settle(request, caller)), ['INVALID_STATE_TRANSITION']);
});

test('HB-37a a reversal before the settlement leaves a tombstone: the late settlement is refused', async () => {
  const asked = basis({ insurance: somebody() });
  const { quoteToken } = answered(await client.quote({ basis: asked }, caller));
  const saleId = randomUUID();
  for (let time = 0; time < 2; time += 1) {
    assert.deepEqual(await client.reverse({ saleId, prescriptionId }, caller), { outcome: 'NEVER_SETTLED' });
  }
  assert.deepEqual(shown(await client.settle({ saleId, basis: asked, quoteToken }, caller)), [
    'INVALID_STATE_TRANSITION',
  ]);
  assert.deepEqual(await eventsOf(service, saleId), []);
  // The quote was not used up by it.
  answered(await client.settle({ saleId: randomUUID(), basis: asked, quoteToken }, caller));
});

test('HB-37a settle and reverse of one sale at one instant: never is money left on a sale that was reversed', async () => {
  for (let round = 0; round < 10; round += 1) {
    const asked = basis({ insurance: somebody({ insuranceType: '390' }) });
    const { quoteToken } = answered(await client.quote({ basis: asked }, caller));
    const saleId = randomUUID();
    const settle = () => client.settle({ saleId, basis: asked, quoteToken }, caller);
    await Promise.all([settle(), client.reverse({ saleId, prescriptionId }, caller), settle()]);
    const state = await stateOf(saleId);
    assert.ok(state === 'REVERSED' || state === 'NEVER_SETTLED', state);
  }
  const books = await settlementBooks(database.sql);
  assert.deepEqual([books.wrongPostings, books.wrongAccounts], [[], []]);
});

test('a completed sale confirms its settlement once, caused by that event', async () => {
  const sale = await service.sell(basis({ insurance: somebody() }));
  const event = await service.tell('erx.dispensing.v1.SaleCompleted', completed(sale));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(sale));
  const marker = await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(randomUUID()));
  await eventually(async () => (await database.sql`select from inbox where event_id = ${marker.id}`).length === 1);
  assert.equal(await stateOf(sale.saleId), 'CONFIRMED');
  const [, confirmed, ...more] = await eventsOf(service, sale.saleId);
  assert.equal(more.length, 0);
  assert.equal(confirmed?.type, 'SettlementConfirmed');
  assert.equal(confirmed?.headers['ce_causationid'], event.id);
  assert.equal(confirmed?.headers['ce_territory'], '420106');
});

test('HB-37a a confirmed settlement is reversed: ledger at zero, deductible and ceiling back, later sales as they were answered', async () => {
  const insurance = somebody({ insuranceType: '390' });
  const first = await service.sell(basis({ insurance }));
  const second = await service.sell(basis({ insurance }));
  for (const sale of [first, second]) await service.tell('erx.dispensing.v1.SaleCompleted', completed(sale));
  await eventually(async () => (await stateOf(second.saleId)) === 'CONFIRMED');
  // The first one has used the deductible; the second was answered without any.
  assert.equal(first.amounts?.lines[0]?.deductible, 100_000n);
  assert.equal(second.amounts?.lines[0]?.deductible, 0n);
  assert.deepEqual(await client.reverse({ saleId: first.saleId, prescriptionId }, caller), { outcome: 'REVERSED' });
  assert.deepEqual(await accountOf(insurance.personId), { deductible_used: 0n, basic_used: second.amounts?.basic });
  const rest = await database.sql`
    select sale_id, account, sum(amount) from ledger_entry where sale_id in (${first.saleId}, ${second.saleId})
    group by sale_id, account having sum(amount) <> 0`;
  assert.deepEqual(new Set(rest.map((row) => row['sale_id'])), new Set([second.saleId]));
  const states = (await eventsOf(service, first.saleId)).map(({ type }) => type);
  assert.deepEqual(states, ['SettlementMade', 'SettlementConfirmed', 'SettlementReversed']);
  // What was given back is there for the next one.
  const third = await service.sell(basis({ insurance }));
  assert.equal(third.amounts?.lines[0]?.deductible, 100_000n);
  const books = await settlementBooks(database.sql);
  assert.deepEqual([books.wrongPostings, books.wrongAccounts], [[], []]);
  assert.ok(books.reversed.some(({ saleId }) => saleId === first.saleId));
});

test('HB-37a news of the completed sale that comes after its reversal changes nothing and parks nothing', async () => {
  const sale = await service.sell(basis({ insurance: somebody() }));
  answered(await client.reverse({ saleId: sale.saleId, prescriptionId }, caller));
  const late = await service.tell('erx.dispensing.v1.SaleCompleted', completed(sale));
  await eventually(async () => (await database.sql`select from inbox where event_id = ${late.id}`).length === 1);
  assert.equal(await stateOf(sale.saleId), 'REVERSED');
  assert.equal((await eventsOf(service, sale.saleId)).at(-1)?.type, 'SettlementReversed');
  assert.equal((await database.sql`select from parked`).length, 0);
});

test('HB-37a two sales of one patient at once and a reversal between them: one deductible, one ceiling, both books true', async () => {
  for (let round = 0; round < 4; round += 1) {
    const insurance = somebody({ insuranceType: '390' });
    const before = await service.sell(basis({ insurance, prescriptionId: randomUUID() }));
    const quotes = await Promise.all(
      [1, 2].map(async () => {
        const asked = basis({ insurance, prescriptionId: randomUUID() });
        return { asked, quoteToken: answered(await client.quote({ basis: asked }, caller)).quoteToken };
      }),
    );
    const [, ...outcomes] = await Promise.all([
      client.reverse({ saleId: before.saleId, prescriptionId: basis().prescriptionId }, caller),
      ...quotes.map(({ asked, quoteToken }) =>
        client.settle({ saleId: randomUUID(), basis: asked, quoteToken }, caller),
      ),
    ]);
    // Who was quoted without deductible and comes after the reversal is told to ask anew.
    const settled = outcomes.flatMap((outcome) => ('amounts' in outcome && outcome.amounts ? [outcome.amounts] : []));
    const used = settled.reduce((sum, { lines }) => sum + (lines[0]?.deductible ?? 0n), 0n);
    assert.ok(used <= 100_000n);
    const basic_used = settled.reduce((sum, { basic }) => sum + basic, 0n);
    assert.ok(basic_used <= 1_000_000n);
    assert.deepEqual(await accountOf(insurance.personId), { deductible_used: used, basic_used });
  }
  const books = await settlementBooks(database.sql);
  assert.deepEqual([books.wrongPostings, books.wrongAccounts], [[], []]);
});

test('HB-37a an abandoned sale reverses a settlement that still stands, and forbids one that never came', async () => {
  const sale = await service.sell(basis({ insurance: somebody() }));
  const never = randomUUID();
  await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(sale.saleId));
  await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(never));
  await eventually(async () => (await stateOf(never)) === 'NEVER_SETTLED');
  assert.equal(await stateOf(sale.saleId), 'REVERSED');
  assert.equal((await eventsOf(service, sale.saleId)).at(-1)?.type, 'SettlementReversed');
});

test('sales that contradict their settlement are parked, and the events after them go on', async () => {
  const confirmed = await service.sell(basis({ insurance: somebody() }));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(confirmed));
  await service.tell('erx.dispensing.v1.SaleAbandoned', abandoned(confirmed.saleId));
  await service.tell(
    'erx.dispensing.v1.SaleCompleted',
    completed({ saleId: randomUUID(), settlementId: randomUUID() }),
  );
  const good = await service.sell(basis({ insurance: somebody() }));
  await service.tell('erx.dispensing.v1.SaleCompleted', completed(good));
  await eventually(async () => (await stateOf(good.saleId)) === 'CONFIRMED');
  assert.equal((await database.sql`select from parked`).length, 2);
  assert.equal(await stateOf(confirmed.saleId), 'CONFIRMED');
});

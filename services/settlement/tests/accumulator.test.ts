import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Basis } from '@erx/proto/settlement/v1/settlement_service';
import { basis, D1, line } from '../src/domain/basis.fixture.ts';
import { settlementBooks } from '../src/queries/books.ts';
import { answered, caller, somebody, startTestSettlement } from './support.ts';

const service = await startTestSettlement();
test.after(() => service[Symbol.asyncDispose]());
const { client, database } = service;

/** Quotes all of them first, then settles all at one instant. */
async function settleAtOnce(sales: readonly Basis[]) {
  const quoted = await Promise.all(sales.map((each) => client.quote({ basis: each }, caller)));
  return Promise.all(
    sales.map((each, index) => {
      const { quoteToken } = answered(quoted[index] ?? assert.fail());
      return client.settle({ saleId: randomUUID(), basis: each, quoteToken }, caller);
    }),
  );
}

const packs = (insurance: InsuranceFacts, quantity: bigint) =>
  basis({ insurance, prescriptionId: randomUUID(), lines: [line(D1, { quantity })] });
const accountOf = async (personId: string) =>
  (await database.sql`select deductible_used, basic_used from accumulator where person_id = ${personId}`)[0];

test('settlements of one person against one ceiling at one instant never exceed it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const insurance = somebody({ insuranceType: '390' });
    // The account exists: its first row would make them wait even without a lock.
    await service.sell(packs(insurance, 1_000n));
    // Each alone would take 40,000 yuan from a basic layer that ends at 10,000.
    const outcomes = await settleAtOnce(Array.from({ length: 6 }, () => packs(insurance, 100_000n)));
    assert.equal(outcomes.filter((outcome) => !('refused' in outcome)).length, 1);
    assert.deepEqual(await accountOf(insurance.personId), { deductible_used: 100_000n, basic_used: 1_000_000n });
    assert.equal((await service.sell(packs(insurance, 10_000n))).amounts?.basic, 0n);
  }
});

test('settlements of one person at one instant that do not touch each other all stand, and each is counted', async () => {
  const insurance = somebody({ insuranceType: '390' });
  const first = await service.sell(packs(insurance, 10_000n));
  // 0.1 packs each: the deductible is used up, the ceiling is far.
  const outcomes = await settleAtOnce(Array.from({ length: 8 }, () => packs(insurance, 1_000n)));
  const basics = outcomes.map((outcome) => answered(outcome).amounts?.basic ?? 0n);
  assert.deepEqual(basics, Array(8).fill(40_176n));
  const basic_used = basics.reduce((sum, basic) => sum + basic, first.amounts?.basic ?? 0n);
  assert.deepEqual(await accountOf(insurance.personId), { deductible_used: 100_000n, basic_used });
});

test('the next year begins with nothing used, and a person of another plan has an account of its own', async () => {
  const insurance = somebody({ insuranceType: '390' });
  await service.sell(packs(insurance, 10_000n));
  service.clock.set('2026-01-01T00:00:00+08:00');
  const next = await service.sell(packs(insurance, 10_000n));
  assert.equal(next.amounts?.lines[0]?.deductible, 100_000n);
  service.clock.set('2025-12-31T23:59:59+08:00');
  assert.equal((await service.sell(packs(insurance, 10_000n))).amounts?.lines[0]?.deductible, 0n);
  const employee = { ...insurance, insuranceType: '310' };
  assert.equal((await service.sell(packs(employee, 10_000n))).amounts?.basic, 401_760n);
  const years = await database.sql`
    select year, plan_id from accumulator where person_id = ${insurance.personId} order by year, plan_id`;
  assert.deepEqual(
    years.map((row) => [row['year'], row['plan_id']]),
    [
      [2025, 'HB-CAP'],
      [2025, 'HB-WH-EMP'],
      [2026, 'HB-CAP'],
    ],
  );
});

test('the accounts are what the standing settlements add up to', async () => {
  assert.deepEqual((await settlementBooks(database.sql)).wrongAccounts, []);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { WHOLE } from '@erx/values';
import fc from 'fast-check';
import { charge, creditBack, leftOf, type Used } from './accumulator.ts';
import { amountsOf, sumOf } from './amounts.ts';
import { type Entry, entriesOf, reversalOf } from './ledger.ts';

const sumUp = (entries: readonly Entry[]) => entries.reduce((sum, { amount }) => sum + amount, 0n);

test('HB-32a HB-32b what fund layers and patient owe is what the pharmacy is owed; empty parts are not posted', () => {
  const entries = entriesOf({ total: 558_000n, basic: 401_760n, serious: 0n, aid: 0n, patient: 156_240n });
  assert.deepEqual(entries, [
    { account: 'FUND_BASIC', amount: 401_760n },
    { account: 'PATIENT', amount: 156_240n },
    { account: 'PHARMACY', amount: -558_000n },
  ]);
});

test('a plan whose ceiling was lowered below what is used leaves nothing', () => {
  const left = leftOf({ deductibleFen: 100n, ceilingFen: 500n }, { deductible: 150n, basic: 501n });
  assert.deepEqual(left, { deductible: 0n, ceiling: 0n });
  assert.deepEqual(leftOf({ deductibleFen: 100n }, { deductible: 40n, basic: 501n }), { deductible: 60n });
});

test('a sale cannot give back more than the year has used', () => {
  assert.throws(() => creditBack({ deductible: 1n, basic: 5n }, { deductible: 2n, basic: 5n }));
  assert.throws(() => creditBack({ deductible: 2n, basic: 4n }, { deductible: 2n, basic: 5n }));
});

// A year of one person: sales settled and reversed in any order.
const year = fc.array(
  fc.oneof(
    fc.record({ unitPrice: fc.bigInt({ min: 1n, max: 9_000_000_000n }), packs: fc.bigInt({ min: 1n, max: 3n }) }),
    fc.record({ reverse: fc.nat({ max: 9 }) }),
  ),
  { minLength: 1, maxLength: 20 },
);
const planOf = { firstSelfBp: 1_000, basicBp: 7_500, seriousBp: 6_000, seriousThresholdFen: 50_000n, aidBp: 3_000 };

test('over a year of sales and reversals the ledger balances, the ceiling holds and reversing all restores the account', () => {
  fc.assert(
    fc.property(
      year,
      fc.bigInt({ min: 0n, max: 2_000_000n }),
      fc.bigInt({ min: 0n, max: 5_000_000n }),
      (acts, d, c) => {
        const limits = { deductibleFen: d, ceilingFen: c };
        const ledger: Entry[] = [];
        const standing: { use: Used; entries: Entry[] }[] = [];
        let used: Used = { deductible: 0n, basic: 0n };
        const reverse = (index: number) => {
          const [sale] = standing.splice(index, 1);
          if (sale === undefined) return;
          used = creditBack(used, sale.use);
          ledger.push(...reversalOf(sale.entries));
        };
        for (const act of acts) {
          if ('reverse' in act) {
            reverse(act.reverse);
            continue;
          }
          const sold = { lineNo: 1, quantity: act.packs * WHOLE, unitPrice: act.unitPrice, standard: 6_000_000_000n };
          const sum = sumOf(amountsOf([sold], planOf, leftOf(limits, used)));
          const entries = entriesOf(sum);
          used = charge(used, sum);
          standing.push({ use: sum, entries });
          ledger.push(...entries);
          assert.ok(used.deductible <= d && used.basic <= c);
          assert.equal(sumUp(ledger), 0n);
        }
        while (standing.length > 0) reverse(0);
        assert.deepEqual(used, { deductible: 0n, basic: 0n });
        for (const [account, entries] of Map.groupBy(ledger, (entry) => entry.account)) {
          assert.equal(sumUp(entries), 0n, account);
        }
      },
    ),
    { seed: 20250609, numRuns: 500 },
  );
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDecimal, WHOLE } from '@erx/values';
import fc from 'fast-check';
import { amountsOf, type Left, type LineAmounts, type PlanFigures, type PricedLine, sumOf } from './amounts.ts';

const plan = (firstSelfBp: number, basicBp: number, more: Partial<PlanFigures> = {}): PlanFigures => ({
  firstSelfBp,
  basicBp,
  seriousBp: 0,
  seriousThresholdFen: 0n,
  aidBp: 0,
  ...more,
});
const plans = {
  'HB-WH-EMP': plan(1_000, 8_000),
  'HB-WH-EMP-OPT': plan(1_000, 5_000),
  'HB-YC-RES': plan(1_000, 6_000),
  'GX-NN-EMP': plan(1_000, 7_000),
  'GX-GL-EMP': plan(1_000, 6_500),
  'JL-CC-EMP': plan(1_500, 7_500),
  'JL-JL-EMP': plan(1_500, 7_000),
  'CX-EMP': plan(1_000, 7_000),
  NAT: plan(1_000, 6_000, { seriousBp: 6_000, seriousThresholdFen: 500_000n, aidBp: 7_000 }),
};

const micro = (yuan: string) => parseDecimal(yuan, 6) ?? -1n;
const fen = (yuan: string) => parseDecimal(yuan, 2) ?? -1n;
const line = (price: string, standard: string, packs = 1n): PricedLine => ({
  lineNo: 1,
  quantity: packs * WHOLE,
  unitPrice: micro(price),
  standard: micro(standard),
});
const none = { deductible: 0n };

/** The parts named, in yuan. */
function check(got: LineAmounts | undefined, expected: Partial<Record<keyof LineAmounts, string>>): void {
  for (const [part, yuan] of Object.entries(expected)) {
    assert.equal(got?.[part as keyof LineAmounts], fen(yuan), part);
  }
}

// The scenarios that state amounts, by plan and drug of 10.1: price, standard, packs, expected parts.
const scenarios: [string, keyof typeof plans, PricedLine, Partial<Record<keyof LineAmounts, string>>][] = [
  [
    'AS-01 one box of D1 for a Wuhan employee under 110202',
    'HB-WH-EMP',
    line('5580.00', '5580.00'),
    { total: '5580.00', inScope: '5580.00', over: '0.00', firstSelf: '558.00', basic: '4017.60', patient: '1562.40' },
  ],
  [
    'AS-11 two syringes of D6 for a Nanning employee',
    'GX-NN-EMP',
    line('870.00', '870.00', 2n),
    { total: '1740.00', firstSelf: '174.00', basic: '1096.20', patient: '643.80' },
  ],
  [
    'AS-13 one box of D5 for a Guilin employee',
    'GX-GL-EMP',
    line('60.00', '60.00'),
    { firstSelf: '6.00', basic: '35.10', patient: '24.90' },
  ],
  [
    'AS-15 two boxes of D7 for a Jilin City employee',
    'JL-JL-EMP',
    line('1500.00', '1500.00', 2n),
    { basic: '1785.00', patient: '1215.00' },
  ],
  [
    'AS-17 one box of D4 for a Chuxiong employee',
    'CX-EMP',
    line('1850.00', '2000.00'),
    { total: '1850.00', firstSelf: '185.00', basic: '1165.50', patient: '684.50' },
  ],
];
for (const [name, id, sold, expected] of scenarios) {
  test(name, () => check(amountsOf([sold], plans[id], none)[0], expected));
}

test('GJ-5c D9 under NAT is shared by basic, serious illness and aid, and the patient pays one rest', () => {
  const [got] = amountsOf([line('30000.00', '30000.00')], plans.NAT, none);
  // base 27,000; basic 16,200; serious 60 % of 5,800; aid 70 % of the remaining 7,320.
  check(got, {
    firstSelf: '3000.00',
    base: '27000.00',
    basic: '16200.00',
    serious: '3480.00',
    aid: '5124.00',
    patient: '5196.00',
  });
});

test('GJ-5c below the threshold serious illness pays nothing and aid shares the rest', () => {
  const [got] = amountsOf([line('1000.00', '1000.00')], plans.NAT, none);
  check(got, { base: '900.00', basic: '540.00', serious: '0.00', aid: '252.00', patient: '208.00' });
});

test('HB-31-4 CX-12b what is above the standard is paid by the patient alone', () => {
  const within = amountsOf([line('60.00', '60.00', 3n)], plans['HB-WH-EMP-OPT'], none)[0];
  const above = amountsOf([line('61.00', '60.00', 3n)], plans['HB-WH-EMP-OPT'], none)[0];
  check(above, { total: '183.00', inScope: '180.00', over: '3.00', basic: '81.00', patient: '102.00' });
  assert.equal(above?.basic, within?.basic);
});

test('half a fen goes up at every step, not at the end', () => {
  // 10 % of 0.15 is 0.015 -> 0.02; 60 % of 0.13 is 0.078 -> 0.08.
  check(amountsOf([line('0.15', '0.15')], plans['HB-YC-RES'], none)[0], {
    firstSelf: '0.02',
    base: '0.13',
    basic: '0.08',
    patient: '0.07',
  });
});

test('the deductible is used in line order, and never more of it than a line has', () => {
  const lines = [line('100.00', '100.00'), line('100.00', '100.00')];
  const got = amountsOf(lines, plans['HB-WH-EMP'], { deductible: fen('120.00') });
  check(got[0], { deductible: '90.00', base: '0.00', basic: '0.00', patient: '100.00' });
  check(got[1], { deductible: '30.00', base: '60.00', basic: '48.00', patient: '52.00' });
});

test('the basic layer ends at what the ceiling has left, in line order', () => {
  const lines = [line('100.00', '100.00'), line('100.00', '100.00'), line('100.00', '100.00')];
  const got = amountsOf(lines, plans['HB-WH-EMP'], { ...none, ceiling: fen('100.00') });
  assert.deepEqual(
    got.map(({ basic }) => basic),
    [fen('72.00'), fen('28.00'), 0n],
  );
});

const bp = fc.integer({ min: 0, max: 10_000 });
const anyPlan = fc.record({
  firstSelfBp: bp,
  basicBp: bp,
  seriousBp: bp,
  seriousThresholdFen: fc.bigInt({ min: 0n, max: 1_000_000n }),
  aidBp: bp,
});
const anyLine = fc.record({
  lineNo: fc.constant(1),
  quantity: fc.bigInt({ min: 1n, max: 100n * WHOLE }),
  unitPrice: fc.bigInt({ min: 1n, max: micro('50000') }),
  standard: fc.bigInt({ min: 1n, max: micro('50000') }),
});
const anyLines = fc.array(anyLine, { minLength: 1, maxLength: 5 });
const amount = fc.bigInt({ min: 0n, max: 5_000_000n });
const anyLeft = fc.oneof(fc.record({ deductible: amount }), fc.record({ deductible: amount, ceiling: amount }));

test('GJ-5c amounts sum up to the fen, and no part is ever negative', () => {
  fc.assert(
    fc.property(anyLines, anyPlan, anyLeft, (lines, figures, left) => {
      const priced = amountsOf(lines, figures, left);
      for (const it of priced) {
        assert.equal(it.total, it.inScope + it.over);
        assert.equal(it.inScope, it.firstSelf + it.deductible + it.base);
        assert.equal(it.total, it.basic + it.serious + it.aid + it.patient);
        assert.ok([it.over, it.firstSelf, it.deductible, it.base, it.basic, it.serious, it.aid].every((x) => x >= 0n));
        assert.ok(it.patient >= it.over + it.firstSelf + it.deductible);
      }
      const sum = sumOf(priced);
      assert.equal(sum.total, sum.basic + sum.serious + sum.aid + sum.patient);
      assert.ok(sum.deductible <= left.deductible);
      if ('ceiling' in left) assert.ok(sum.basic <= left.ceiling);
    }),
    { seed: 20250606, numRuns: 1_000 },
  );
});

test('a dearer pack never costs the patient less, and never costs the fund less', () => {
  fc.assert(
    fc.property(anyLine, anyPlan, anyLeft, fc.bigInt({ min: 1n, max: micro('100') }), (sold, figures, left, more) => {
      const paid = (unitPrice: bigint) => sumOf(amountsOf([{ ...sold, unitPrice }], figures, left));
      const [before, after] = [paid(sold.unitPrice), paid(sold.unitPrice + more)];
      assert.ok(after.patient >= before.patient);
      assert.ok(after.total - after.patient >= before.total - before.patient);
    }),
    { seed: 20250607, numRuns: 1_000 },
  );
});

test('the more of the ceiling, and the less of the deductible, is left, the less the patient pays', () => {
  const both = fc.record({ deductible: amount, ceiling: amount });
  fc.assert(
    fc.property(anyLines, anyPlan, both, amount, amount, (lines, figures, { deductible, ceiling }, more, further) => {
      const paid = (left: Left) => sumOf(amountsOf(lines, figures, left)).patient;
      assert.ok(paid({ deductible, ceiling: ceiling + more }) <= paid({ deductible, ceiling }));
      assert.ok(paid({ deductible, ceiling }) <= paid({ deductible: deductible + further, ceiling }));
    }),
    { seed: 20250608, numRuns: 1_000 },
  );
});

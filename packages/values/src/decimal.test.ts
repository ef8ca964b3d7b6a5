import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { formatDecimal, MONEY_SCALE, parseDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from './decimal.ts';

test('plain decimals become units of the scale', () => {
  assert.equal(parseDecimal('12.5', MONEY_SCALE), 1250n);
  assert.equal(parseDecimal('3', QUANTITY_SCALE), 30_000n);
  assert.equal(parseDecimal('0.000001', UNIT_PRICE_SCALE), 1n);
  assert.equal(parseDecimal('007.50', MONEY_SCALE), 750n);
  assert.equal(parseDecimal('5', 0), 5n);
});

test('everything else is refused instead of guessed', () => {
  const wrong = [
    '',
    ' ',
    '1e3',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '1,5',
    '0x10',
    '１',
    '1.2.3',
    'NaN',
    '1.234',
    '1.200',
  ];
  for (const text of wrong) assert.equal(parseDecimal(text, MONEY_SCALE), undefined, text);
  assert.equal(parseDecimal('1.0', 0), undefined);
});

test('values end where a 64-bit column ends', () => {
  assert.equal(parseDecimal('92233720368547758.07', 2), 2n ** 63n - 1n);
  assert.equal(parseDecimal('92233720368547758.08', 2), undefined);
  assert.equal(parseDecimal('9'.repeat(100_000), 2), undefined);
});

test('the text is the shortest one with the wanted fraction digits', () => {
  assert.equal(formatDecimal(1250n, 2), '12.5');
  assert.equal(formatDecimal(1250n, 2, 2), '12.50');
  assert.equal(formatDecimal(1200n, 2), '12');
  assert.equal(formatDecimal(0n, 4), '0');
  assert.equal(formatDecimal(7n, 6), '0.000007');
  assert.equal(formatDecimal(-5n, 2, 2), '-0.05');
  assert.equal(formatDecimal(5n, 0, 2), '5.00');
});

test('what is formatted parses back to the same value', () => {
  const value = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(value, fc.nat(6), fc.nat(6), (units, scale, minFraction) => {
      const text = formatDecimal(units, scale, Math.min(minFraction, scale));
      assert.equal(parseDecimal(text, scale), units);
    }),
    { seed: 20260201, numRuns: 1000 },
  );
});

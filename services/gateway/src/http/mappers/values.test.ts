import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { Fen, Packs, UnitPrice } from '../schemas/values.ts';
import { exact, fromPacks, fromUnitPrice, toPacks, toUnitPrice } from './values.ts';

test('every quantity that the API takes comes back as the same quantity', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 999_999_999n), (units) => {
      const text = fromPacks(units);
      assert.ok(Check(Packs, text), text);
      assert.equal(toPacks(text), units);
    }),
    { seed: 1 },
  );
});

test('every unit price that the API takes comes back as the same price, with fen', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 9_999_999_999_999n), (micro) => {
      const text = fromUnitPrice(micro);
      assert.ok(Check(UnitPrice, text), text);
      assert.match(text, /\.\d{2,6}$/);
      assert.equal(toUnitPrice(text), micro);
    }),
    { seed: 1 },
  );
});

test('money is exact up to what JSON carries, and never rounded beyond', () => {
  assert.equal(exact(9_007_199_254_740_991n), Number.MAX_SAFE_INTEGER);
  assert.throws(() => exact(9_007_199_254_740_992n), RangeError);
  assert.ok(Check(Fen, exact(9_007_199_254_740_991n)));
  // The dearest sale that the schema lets in.
  const dearest = (toUnitPrice('9999999.999999') * toPacks('99999.9999') * 20n) / 100_000_000n;
  assert.ok(Check(Fen, exact(dearest)));
});

test('what the schema refuses would not have fitted', () => {
  for (const text of ['', '-1', '1e5', '.5', '1.', '1.23456', '123456', '１', ' 1', '0x1'])
    assert.ok(!Check(Packs, text), text);
  for (const text of ['12345678', '1.2345678', '+1', 'NaN']) assert.ok(!Check(UnitPrice, text), text);
});

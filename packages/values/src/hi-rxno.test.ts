import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { isHiRxno, makeHiRxno } from './hi-rxno.ts';
import { checkCharacter } from './iso7064.ts';
import { singleErrors } from './single-errors.fixture.ts';

const serials = fc.bigInt({ min: 0n, max: 10n ** 10n - 1n });

test('the number shows division, date and serial in 25 digits', () => {
  const number = makeHiRxno('420111', '20260131', 42n);
  assert.match(number, /^420111202601310000000042\d$/);
  assert.ok(isHiRxno(number));
});

test('every single wrong digit is noticed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100_000, max: 999_999 }), serials, (division, serial) => {
      const number = makeHiRxno(String(division), '20261231', serial);
      assert.ok(isHiRxno(number));
      for (const wrong of singleErrors(number, '0123456789')) assert.ok(!isHiRxno(wrong), wrong);
    }),
    { seed: 20260206 },
  );
});

test('parts out of range are refused', () => {
  const wrong: [string, string, bigint][] = [
    ['42011', '20260131', 1n],
    ['42011A', '20260131', 1n],
    ['420111', '20260230', 1n],
    ['420111', '2026-01-31', 1n],
    ['420111', '20260131', -1n],
    ['420111', '20260131', 10n ** 10n],
  ];
  for (const parts of wrong) assert.throws(() => makeHiRxno(...parts), RangeError);
});

test('other lengths, letters and impossible dates are no such number', () => {
  const number = makeHiRxno('420111', '20260131', 42n);
  for (const text of ['', number.slice(1), `${number}0`, `${number}\n`, 'x'.repeat(25)]) {
    assert.equal(isHiRxno(text), false, text);
  }
  // 30 February with the check digit that belongs to it.
  const body = '420111202602300000000042';
  assert.equal(isHiRxno(body + checkCharacter(body, '0123456789')), false);
});

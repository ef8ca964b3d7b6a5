import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { citizenIdCheckDigit, citizenIdProblem } from './citizen-id.ts';

const dates = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
// Divisions that begin with 9 are assigned to nobody.
const numbers = fc
  .tuple(fc.integer({ min: 900_000, max: 999_999 }), dates, fc.nat(999))
  .map(([division, date, serial]) => {
    const body = `${division}${date}${String(serial).padStart(3, '0')}`;
    return body + citizenIdCheckDigit(body);
  });

test('the example of the standard is well formed, and X can be the check digit', () => {
  assert.equal(citizenIdProblem('11010519491231002X'), undefined);
  assert.equal(citizenIdProblem('440524188001010014'), undefined);
});

test('each fault has its name', () => {
  assert.equal(citizenIdProblem(''), 'LENGTH');
  assert.equal(citizenIdProblem('110105491231002'), 'LENGTH');
  assert.equal(citizenIdProblem('11010519491231002x'), 'CHARACTERS');
  assert.equal(citizenIdProblem('1101051949123100X2'), 'CHARACTERS');
  assert.equal(citizenIdProblem('01010519491231002X'), 'CHARACTERS');
  assert.equal(citizenIdProblem('110105194902300021'), 'DATE');
  assert.equal(citizenIdProblem('110105194913010021'), 'DATE');
  assert.equal(citizenIdProblem('110105000001010021'), 'DATE');
  assert.equal(citizenIdProblem('110105194912310021'), 'CHECK_DIGIT');
});

test('29 February exists in leap years only', () => {
  const withCheck = (body: string) => citizenIdProblem(body + citizenIdCheckDigit(body));
  assert.equal(withCheck('90010520000229001'), undefined);
  assert.equal(withCheck('90010519000229001'), 'DATE');
  assert.equal(withCheck('90010520010229001'), 'DATE');
});

test('every single wrong character is noticed', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      assert.equal(citizenIdProblem(number), undefined);
      for (let place = 0; place < 18; place++) {
        for (const other of '0123456789X') {
          if (other === number[place]) continue;
          assert.notEqual(citizenIdProblem(number.slice(0, place) + other + number.slice(place + 1)), undefined);
        }
      }
    }),
    { seed: 20260204 },
  );
});

test('a check digit is computed for 17 digits only', () => {
  for (const text of ['', '1', '1101051949123100X', '110105194912310021']) {
    assert.throws(() => citizenIdCheckDigit(text), RangeError);
  }
});

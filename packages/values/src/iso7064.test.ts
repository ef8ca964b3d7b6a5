import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { BASE32 } from './base32.ts';
import { checkCharacter } from './iso7064.ts';
import { singleErrors } from './single-errors.fixture.ts';

const DIGITS = '0123456789';
const ALPHANUMERIC = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

test('MOD 11,10 gives the check digits of published numbers', () => {
  // The example of ISO 7064, and the example number of the German tax office.
  assert.equal(checkCharacter('0794', DIGITS), '5');
  assert.equal(checkCharacter('8609574271', DIGITS), '9');
});

test('MOD 37,36 gives the check character of the example of the Global Release Identifier', () => {
  assert.equal(checkCharacter('A12425GABC1234002', ALPHANUMERIC), 'M');
});

test('every single wrong character changes the check character', () => {
  for (const alphabet of [DIGITS, BASE32, ALPHANUMERIC]) {
    const texts = fc.array(fc.constantFrom(...alphabet), { maxLength: 30 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const check = checkCharacter(text, alphabet);
        for (const wrong of singleErrors(text, alphabet)) assert.notEqual(checkCharacter(wrong, alphabet), check);
      }),
      { seed: 20260205 },
    );
  }
});

test('foreign characters are refused', () => {
  assert.throws(() => checkCharacter('12a', DIGITS), RangeError);
});

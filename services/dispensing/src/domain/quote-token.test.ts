import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openQuote, type Quoted, wrapQuote } from './quote-token.ts';

const quantity = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
const line = fc.record({ lineNo: fc.nat(100), quantity, unitPrice: quantity }, { noNullPrototype: true });
const quoted: fc.Arbitrary<Quoted> = fc.record(
  {
    prescriptionId: fc.uuid(),
    pharmacyId: fc.string({ maxLength: 20 }),
    category: fc.string({ maxLength: 8 }),
    lines: fc.array(line, { maxLength: 8 }),
    expiresAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
  },
  { noNullPrototype: true },
);
const token = fc.stringMatching(/^[\x21-\x7e]{1,80}$/);

test('CX-22c what was quoted comes back exactly, with settlement’s own token', () => {
  fc.assert(
    fc.property(quoted, token, (content, settlementToken) => {
      assert.deepEqual(openQuote(wrapQuote(content, settlementToken)), { quoted: content, settlementToken });
    }),
    { seed: 7 },
  );
});

test('CX-22c no text makes it throw, and what is no quote is none', () => {
  const half = (content: unknown) => `${Buffer.from(JSON.stringify(content)).toString('base64url')}.x`;
  const wrong = [
    '',
    '.',
    'abc',
    half({}),
    half(['a', 'b', 'c', 'd', []]),
    half(['a', 'b', 'c', -1, []]),
    half(['a', 'b', 'c', 8.64e15, []]),
    half(['a', 'b', 'c', 1.5, []]),
    half(['a', 'b', 'c', 1, {}]),
    half(['a', 'b', 'c', 1, [[1, '1', '-1']]]),
    half(['a', 'b', 'c', 1, [[1, 1, '1']]]),
    half(['a', 'b', 'c', 1, [[2 ** 31, '1', '1']]]),
    half(['a', 1, 'c', 1, []]),
  ];
  for (const text of wrong) assert.equal(openQuote(text), undefined, text);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => `${Buffer.from(json).toString('base64url')}.x`),
      ),
      (text) => {
        openQuote(text);
      },
    ),
    { seed: 8 },
  );
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ORDER, toBytes32 } from './curve.ts';
import { fromDer, parseSignature, toDer } from './raw-signature.ts';

// Short numbers and leading one bits are the cases where DER changes the length.
const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: ORDER - 1n }),
  fc.bigInt({ min: 1n, max: 0xffffn }),
  fc.constantFrom(1n << 255n, 0x80n, ORDER - 1n),
);

test('r||s survives the way through DER', () => {
  fc.assert(
    fc.property(scalar, scalar, (r, s) => {
      const raw = Buffer.concat([toBytes32(r), toBytes32(s)]);
      const parsed = parseSignature(raw.toString('base64'));
      assert.ok(parsed);
      assert.equal(Buffer.from(fromDer(toDer(parsed))).toString('hex'), raw.toString('hex'));
    }),
    { seed: 20260104, numRuns: 500 },
  );
});

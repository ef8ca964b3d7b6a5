import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { lineTotal, share, WHOLE } from './money.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });

test('a line total is price times packs in fen, half a fen goes up', () => {
  assert.equal(lineTotal(5_580_000_000n, 2n * WHOLE), 1_116_000n);
  assert.equal(lineTotal(58_800_000n, WHOLE / 2n), 2940n);
  assert.equal(lineTotal(4_999n, WHOLE), 0n);
  assert.equal(lineTotal(5_000n, WHOLE), 1n);
  assert.equal(lineTotal(15_000n, WHOLE), 2n);
});

test('a share is a ratio in basis points, half a fen goes up', () => {
  assert.equal(share(1_116_000n, 1_000n), 111_600n);
  assert.equal(share(1n, 5_000n), 1n);
  assert.equal(share(1n, 4_999n), 0n);
  assert.equal(share(3n, 5_000n), 2n);
});

test('rounding is never off by more than half a fen', () => {
  fc.assert(
    fc.property(amount, fc.bigInt({ min: 0n, max: 20_000n }), (fen, points) => {
      const error = 2n * (share(fen, points) * 10_000n - fen * points);
      assert.ok(error <= 10_000n && error > -10_000n);
    }),
    { seed: 20260202, numRuns: 1000 },
  );
});

test('all of an amount is the amount, and a whole pack costs its price in fen', () => {
  fc.assert(
    fc.property(amount, (fen) => {
      assert.equal(share(fen, 10_000n), fen);
      assert.equal(lineTotal(fen * 10_000n, WHOLE), fen);
    }),
    { seed: 20260203 },
  );
});

test('negative figures are refused', () => {
  const negatives = [
    () => lineTotal(-1n, 1n),
    () => lineTotal(1n, -1n),
    () => lineTotal(-1n, -1n),
    () => share(-1n, 1n),
    () => share(1n, -1n),
  ];
  for (const compute of negatives) assert.throws(compute, RangeError);
});

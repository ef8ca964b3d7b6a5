import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { passedOver } from './passed-over.ts';

const ascending = fc.uniqueArray(fc.bigInt({ min: 1n, max: 60n })).map((list) => list.sort((a, b) => Number(a - b)));

test('GX-3m shown numbers and passed-over ranges together are exactly the numbers looked at', () => {
  fc.assert(
    fc.property(
      ascending,
      fc.bigInt({ min: 0n, max: 60n }),
      fc.bigInt({ min: 0n, max: 60n }),
      (all, after, through) => {
        const shown = all.filter((number) => number > after && number <= through);
        const ranges = passedOver(after, through, shown);
        const covered = ranges.flatMap(({ from, to }) =>
          Array.from({ length: Number(to - from) + 1 }, (_, n) => from + BigInt(n)),
        );
        const looked = Array.from({ length: Math.max(0, Number(through - after)) }, (_, n) => after + 1n + BigInt(n));
        assert.deepEqual(
          [...shown, ...covered].sort((a, b) => Number(a - b)),
          looked,
        );
        assert.ok(
          ranges.every(({ from }, n) => n === 0 || from > (ranges[n - 1]?.to ?? 0n) + 1n),
          'ranges are as long as can be',
        );
      },
    ),
    { seed: 5 },
  );
});

test('a page that shows everything passes nothing over', () => {
  assert.deepEqual(passedOver(3n, 6n, [4n, 5n, 6n]), []);
  assert.deepEqual(passedOver(6n, 6n, []), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planStrikes } from './plan.ts';

const everybody = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'kafka', 'postgres'];
const runs = fc.record({
  seed: fc.string(),
  minutes: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 10, noNaN: true })),
});

test('a plan kills everybody at least once and never pauses for ten seconds, with any seed and length', () => {
  fc.assert(
    fc.property(runs, ({ seed, minutes }) => {
      const duration = minutes * 60_000;
      const strikes = planStrikes(seed, duration, everybody);
      assert.deepEqual([...new Set(strikes.flatMap(({ victims }) => victims))].sort(), [...everybody].sort());
      const times = [0, ...strikes.map(({ atMs }) => atMs), duration];
      for (const [index, time] of times.slice(1).entries()) {
        const gap = time - (times[index] ?? 0);
        assert.ok(gap > 0 && gap <= 10_000, `${gap} ms`);
      }
      for (const { victims } of strikes) assert.equal(new Set(victims).size, victims.length);
    }),
    { numRuns: 500 }, // one plan of a minute in some hundred spared somebody
  );
});

test('the same seed gives the same plan, another one another', () => {
  assert.deepEqual(planStrikes('1', 180_000, everybody), planStrikes('1', 180_000, everybody));
  assert.notDeepEqual(planStrikes('1', 180_000, everybody), planStrikes('2', 180_000, everybody));
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { createClock, followRegistryClock } from './clock.ts';

test('the business clock runs at the newest offset; an older one that comes late changes nothing', () => {
  const clock = createClock(() => new Date(1_000));
  assert.equal(clock.now().getTime(), 1_000);
  clock.apply(2n, 500n);
  clock.apply(1n, 9_000n);
  assert.equal(clock.now().getTime(), 1_500);
  assert.equal(clock.machine().getTime(), 1_000);
});

test('a service takes the offset before it serves, however long registry is away', async () => {
  const clock = createClock(() => new Date(0));
  let asked = 0;
  const registry = {
    async getClock() {
      asked += 1;
      if (asked === 1) throw new Error('away');
      if (asked === 2) return { refused: [{ code: 'ACCESS_SCOPE_DENIED' }] };
      return { version: 4n, offsetMs: -60_000n };
    },
  };
  await followRegistryClock(clock, registry, 'issuing');
  assert.equal(clock.now().getTime(), -60_000);
});

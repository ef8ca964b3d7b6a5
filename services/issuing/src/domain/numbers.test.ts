import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Block, openNumbers } from './numbers.ts';

const SIZE = 5n;

/** The database's side: blocks of five, each given out once. */
function blocks() {
  const next = new Map<string, bigint>();
  let taken = 0;
  const take = async (division: string, day: string): Promise<Block> => {
    taken += 1;
    const key = `${division}/${day}`;
    const first = next.get(key) ?? 1n;
    next.set(key, first + SIZE);
    await Promise.resolve();
    return { first, end: first + SIZE };
  };
  return { take, count: () => taken };
}

test('no serial of a division and day comes twice, whoever asks, from several processes, in whatever order', async () => {
  const asks = fc.array(
    fc.record({
      process: fc.integer({ min: 0, max: 2 }),
      division: fc.constantFrom('420106', '220102'),
      day: fc.constantFrom('20250606', '20250607'),
      wait: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(asks, async (list) => {
      const database = blocks();
      const processes = Array.from({ length: 3 }, () => openNumbers(database.take));
      const running: Promise<string>[] = [];
      for (const { process, division, day, wait } of list) {
        const asked = processes[process]?.next(division, day).then((serial) => `${division}/${day}/${serial}`);
        if (asked === undefined) throw new Error('no such process');
        running.push(asked);
        if (wait) await asked;
      }
      const serials = await Promise.all(running);
      assert.equal(new Set(serials).size, serials.length);
    }),
    { seed: 20250606, numRuns: 200 },
  );
});

test('all who wait for a block wait for one, and take its serials in their order', async () => {
  const database = blocks();
  const numbers = openNumbers(database.take);
  const serials = await Promise.all(Array.from({ length: 5 }, () => numbers.next('420106', '20250606')));
  assert.deepEqual(serials, [1n, 2n, 3n, 4n, 5n]);
  assert.equal(database.count(), 1);
  assert.equal(await numbers.next('420106', '20250606'), 6n);
  assert.equal(database.count(), 2);
});

test('a block that could not be taken fails those who waited, and the next one tries again', async () => {
  const database = blocks();
  let broken = true;
  const numbers = openNumbers((division, day) =>
    broken ? Promise.reject(new Error('away')) : database.take(division, day),
  );
  const outcomes = await Promise.allSettled([numbers.next('420106', '20250606'), numbers.next('420106', '20250606')]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  broken = false;
  assert.equal(await numbers.next('420106', '20250606'), 1n);
});

test('around midnight, when two days are asked for at once, both get their serials', async () => {
  const numbers = openNumbers(blocks().take);
  const days = ['20250606', '20250607', '20250606', '20250607'];
  assert.deepEqual(await Promise.all(days.map((day) => numbers.next('420106', day))), [1n, 1n, 2n, 2n]);
});

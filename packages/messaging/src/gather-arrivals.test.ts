import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Arrival, gatherArrivals } from './gather-arrivals.ts';

function from(partition: number, ...offsets: number[]): Arrival[] {
  return offsets.map((offset) => {
    const message = { offset: `${offset}` } as Arrival['message'];
    return { topic: 'any', partition, message, heartbeat: async () => {} };
  });
}

const placeOf = ({ partition, message }: Arrival) => `${partition}:${message.offset}`;

test('what several partitions bring at once goes together, in the order of each', async () => {
  const applied: string[][] = [];
  const gather = gatherArrivals(100, async (arrivals) => void applied.push(arrivals.map(placeOf)));
  await Promise.all([gather(from(0, 1, 2)), gather(from(1, 7))]);
  assert.deepEqual(applied, [['0:1', '0:2', '1:7']]);
});

test('what comes while some is applied waits for its turn; none has more than it may, unless one list alone does', async () => {
  const applied: string[][] = [];
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const gather = gatherArrivals(3, async (arrivals) => {
    applied.push(arrivals.map(placeOf));
    begun.resolve();
    await goOn.promise;
  });
  const first = gather(from(0, 1));
  await begun.promise;
  const rest = [gather(from(1, 1, 2)), gather(from(2, 1)), gather(from(3, 1, 2, 3, 4)), gather(from(4, 1))];
  assert.deepEqual(applied, [['0:1']]);
  goOn.resolve();
  await Promise.all([first, ...rest]);
  assert.deepEqual(applied.slice(1), [['1:1', '1:2', '2:1'], ['3:1', '3:2', '3:3', '3:4'], ['4:1']]);
});

test('a failure is told to all whose messages were in it, and to nobody else', async () => {
  let fails = true;
  const gather = gatherArrivals(100, async () => {
    if (fails) throw new Error('not now');
  });
  const outcomes = await Promise.allSettled([gather(from(0, 1)), gather(from(1, 1))]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  fails = false;
  await gather(from(0, 1));
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Candidate, type Recorded, takeUp } from './order-by-cause.ts';

const entry = (number: number, causationId?: string, isFresh = true): Candidate => ({
  number: BigInt(number),
  eventId: `e${number}`,
  causationId,
  isFresh,
});
const nothing = new Map<string, Recorded>();
const ids = (taken: ReturnType<typeof takeUp>): string[] => {
  assert.ok('entries' in taken);
  return taken.entries.map(({ eventId }) => eventId);
};

test('an effect that was recorded before its cause is sent after it, and nothing else changes its place', () => {
  const list = [entry(1, 'e3'), entry(2), entry(3, 'e4'), entry(4)];
  assert.deepEqual(ids(takeUp(list, 4n, nothing, false)), ['e4', 'e3', 'e1', 'e2']);
});

test('a cause behind the last candidate is asked for, unless that is far enough', () => {
  const list = [entry(1, 'x')];
  const recorded = new Map([['x', { number: 9n }]]);
  assert.deepEqual(takeUp(list, 1n, recorded, false), { lookUpTo: 9n });
  assert.deepEqual(takeUp(list, 1n, recorded, true), { entries: list, through: 1n });
  assert.deepEqual(takeUp(list, 9n, recorded, false), { entries: list, through: 9n });
});

test('a fresh effect whose cause is not recorded waits with all behind it and all that they cause; an old one goes on', () => {
  const list = [entry(1), entry(2, 'e4'), entry(3, 'unknown'), entry(4)];
  assert.deepEqual(takeUp(list, 4n, nothing, false), { entries: [list[0]], through: 1n });
  const old = [entry(1), entry(2, 'unknown', false), entry(3)];
  assert.deepEqual(takeUp(old, 3n, nothing, false), { entries: old, through: 3n });
});

test('whatever the causes: no entry is lost or doubled, none stands before its cause', () => {
  const graph = fc.array(fc.nat(12), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graph, (causes) => {
      // Causes form no circle: an event knows only what was there before it. Numbers do not say what was first.
      const order = causes.map((_, n) => n).sort((a, b) => ((a * 7) % 13) - ((b * 7) % 13));
      const list = order.map((n, at) => ({
        ...entry(at + 1, n === 0 ? undefined : `id${(causes[n] ?? 0) % n}`),
        eventId: `id${n}`,
      }));
      const taken = takeUp(list, BigInt(list.length), nothing, false);
      const sent = ids(taken);
      assert.deepEqual(sent.toSorted(), list.map(({ eventId }) => eventId).sort());
      for (const { eventId, causationId } of list) {
        if (causationId !== undefined) assert.ok(sent.indexOf(causationId) < sent.indexOf(eventId));
      }
    }),
    { seed: 11 },
  );
});

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Happened, orderHistory } from './order-history.ts';

const id = fc.integer({ min: 0, max: 12 }).map(String);
const happened = fc.record({ eventId: id, causationId: id, at: fc.integer({ min: 0, max: 5 }) });
const history = fc.uniqueArray(happened, { selector: ({ eventId }) => eventId, maxLength: 12 });

/** An event from which no way of causes leads back to itself. */
function isSound(event: Happened, byId: ReadonlyMap<string, Happened>): boolean {
  const seen = new Set<string>();
  for (let at: Happened | undefined = event; at !== undefined; at = byId.get(at.causationId)) {
    if (seen.has(at.eventId)) return false;
    seen.add(at.eventId);
  }
  return true;
}

test('R-18 every event stands in its history once, and after its cause', () => {
  fc.assert(
    fc.property(history, (events) => {
      const ordered = orderHistory(events);
      assert.deepEqual(new Set(ordered), new Set(events));
      assert.equal(ordered.length, events.length);
      const byId = new Map(events.map((event) => [event.eventId, event]));
      for (const event of events.filter((each) => isSound(each, byId))) {
        const cause = byId.get(event.causationId);
        if (cause !== undefined) assert.ok(ordered.indexOf(cause) < ordered.indexOf(event));
      }
    }),
  );
});

test('R-18 the order does not depend on the order of arrival', () => {
  const shuffled = history.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );
  fc.assert(fc.property(shuffled, ([events, others]) => assert.deepEqual(orderHistory(events), orderHistory(others))));
});

test('R-18 without causes among them events stand in the order of time', () => {
  fc.assert(
    fc.property(history, (events) => {
      const times = orderHistory(events.map((event) => ({ ...event, causationId: 'elsewhere' }))).map(({ at }) => at);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }),
  );
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { at, covers, type Interval } from './interval.ts';

const day = (date: string) => new Date(`${date}T00:00:00Z`);

test('an interval contains its beginning and not its end', () => {
  const january: Interval = { from: day('2026-01-01'), to: day('2026-02-01') };
  assert.equal(covers(january, day('2025-12-31')), false);
  assert.equal(covers(january, day('2026-01-01')), true);
  assert.equal(covers(january, day('2026-01-31')), true);
  assert.equal(covers(january, day('2026-02-01')), false);
});

test('without an end an interval goes on, and an empty one contains nothing', () => {
  assert.equal(covers({ from: day('2026-01-01') }, day('2999-01-01')), true);
  assert.equal(covers({ from: day('2026-01-01'), to: day('2026-01-01') }, day('2026-01-01')), false);
});

test('of the entries in force the one that began last counts, whatever their order', () => {
  const base = { from: day('2026-01-01'), name: 'base' };
  const spring = { from: day('2026-03-01'), to: day('2026-06-01'), name: 'spring' };
  for (const list of [
    [base, spring],
    [spring, base],
  ]) {
    assert.equal(at(list, day('2025-12-31')), undefined);
    assert.equal(at(list, day('2026-02-01')), base);
    assert.equal(at(list, day('2026-03-01')), spring);
    assert.equal(at(list, day('2026-06-01')), base);
  }
});

test('of two entries with the same beginning the later in the list counts', () => {
  const first = { from: day('2026-01-01'), name: 'first' };
  const corrected = { from: day('2026-01-01'), name: 'corrected' };
  assert.equal(at([first, corrected], day('2026-01-02')), corrected);
});

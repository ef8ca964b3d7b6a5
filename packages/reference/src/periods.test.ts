import assert from 'node:assert/strict';
import test from 'node:test';
import { inPeriod, periodAt } from './periods.ts';

const day = (date: string) => new Date(`${date}T00:00:00+08:00`);
const period = { from: day('2025-01-01'), to: day('2025-02-01') };

test('the first instant of a period counts, its end does not, an open end never comes', () => {
  assert.equal(inPeriod(period, day('2025-01-01')), true);
  assert.equal(inPeriod(period, new Date(day('2025-02-01').getTime() - 1)), true);
  assert.equal(inPeriod(period, day('2025-02-01')), false);
  assert.equal(inPeriod(period, new Date(day('2025-01-01').getTime() - 1)), false);
  assert.equal(inPeriod({ from: day('2025-01-01'), to: undefined }, day('2099-01-01')), true);
  assert.equal(inPeriod({ from: undefined, to: undefined }, day('2025-01-01')), false);
  assert.equal(inPeriod(undefined, day('2025-01-01')), false);
});

test('of several entries in force the one that began last holds, in whichever order they stand', () => {
  const older = { name: 'older', period: { from: day('2024-01-01'), to: undefined } };
  const newer = { name: 'newer', period };
  for (const list of [
    [older, newer],
    [newer, older],
  ]) {
    assert.equal(periodAt(list, (entry) => entry.period, day('2025-01-15'))?.name, 'newer');
    assert.equal(periodAt(list, (entry) => entry.period, day('2025-03-01'))?.name, 'older');
    assert.equal(
      periodAt(list, (entry) => entry.period, day('2023-01-01')),
      undefined,
    );
  }
});

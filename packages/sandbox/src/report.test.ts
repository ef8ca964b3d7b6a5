import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Played } from './plays/run.ts';
import { lines, makeReport, Times } from './report.ts';

const played = (play: number, kind: string, expected: string, got: string): Played => ({
  play,
  kind,
  expected,
  got,
  wrong: expected !== got,
  sales: [],
});

test('times are counted by step, with the median and the values that 95 and 99 of 100 do not exceed', () => {
  const times = new Times();
  for (let ms = 1; ms <= 100; ms += 1) times.record('lock', ms);
  times.record('sale', 7.25);
  assert.deepEqual(times.summary(), {
    lock: { count: 100, p50: 50, p95: 95, p99: 99 },
    sale: { count: 1, p50: 7.3, p95: 7.3, p99: 7.3 },
  });
});

test('a play with another log than expected is wrong and named, and so is a gap in a regulator’s numbers', () => {
  const plays = [played(1, 'plain', 'HANDED_OVER', 'HANDED_OVER'), played(2, 'plain', 'HANDED_OVER', 'lock: X')];
  const gap = [{ division: '420000', read: 3, proven: 3, problem: '5 follows 3' }];
  const report = makeReport(plays, {}, gap, new Date(0), 1.25);
  assert.equal(report.wrong, 2);
  assert.deepEqual(report.plays, { plain: { count: 2, wrong: 1, expected: ['HANDED_OVER'] } });
  assert.deepEqual(report.wrongPlays, [{ play: 2, kind: 'plain', expected: 'HANDED_OVER', got: 'lock: X' }]);
  assert.ok(
    lines(report).some(
      (line) => line === 'WRONG regulator 420000 read 3 entries, 3 verified against the log: 5 follows 3',
    ),
  );
  assert.ok(lines(report).some((line) => line === 'WRONG plain (2): expected HANDED_OVER, got lock: X'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Result, summary } from './summary.ts';

const result = (outcome: Result['outcome']): Result => ({ name: 'n', file: 'f', outcome, duration: 1 });

test('the last line counts what passed and failed; a skipped test is neither', () => {
  const lines = summary([result('passed'), result('passed'), result('failed'), result('skipped')], false).split('\n');
  assert.deepEqual(lines, ['# tests 4', '# pass 2', '# fail 1', '# skipped 1', '2 passed, 1 failed']);
});

test('a run that failed without a failed test says so', () => {
  assert.match(summary([result('passed')], false), /outside of them/);
  assert.doesNotMatch(summary([result('passed')], true), /outside of them/);
});

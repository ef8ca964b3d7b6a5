import assert from 'node:assert/strict';
import test from 'node:test';
import { retainUntil } from './retention.ts';

test('GX-3k two years are counted from the end of validity, and a leap day ends no earlier', () => {
  assert.deepEqual(retainUntil(new Date('2025-06-09T01:30:00Z'), 2), new Date('2027-06-09T01:30:00Z'));
  assert.deepEqual(retainUntil(new Date('2024-02-29T01:30:00Z'), 2), new Date('2026-03-01T01:30:00Z'));
});

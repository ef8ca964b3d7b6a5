import assert from 'node:assert/strict';
import test from 'node:test';
import { type Replaced, replacementProblems } from './replacement.ts';

const own = { hospitalId: 'H', personId: 'P' };
const replaced: Replaced = { ...own, status: 'WITHDRAWN', withdrawalAnsweredAt: null };
const problems = (change: Partial<Replaced>) =>
  replacementProblems({ ...replaced, ...change }, own).map(({ field, detail }) => `${field} ${detail?.['problem']}`);

test('CX-28c only a withdrawn prescription of the same patient and hospital is replaced', () => {
  assert.deepEqual(problems({}), []);
  const unknown = ['/replaces UNKNOWN_PRESCRIPTION'];
  assert.deepEqual(problems({ hospitalId: 'H2' }), unknown);
  assert.deepEqual(problems({ personId: 'P2' }), unknown);
  assert.equal(replacementProblems(undefined, own)[0]?.detail?.['problem'], 'UNKNOWN_PRESCRIPTION');
});

test('CX-28c one in any other state is not; the answer of dispensing counts before its event arrives', () => {
  for (const status of ['PRECHECKED', 'CIRCULATING', 'LOCKED', 'SETTLED', 'ON_HOLD', 'EXPIRED', 'HANDED_OVER']) {
    assert.deepEqual(problems({ status }), ['/replaces NOT_WITHDRAWN'], status);
    assert.deepEqual(problems({ status, withdrawalAnsweredAt: new Date() }), []);
  }
});

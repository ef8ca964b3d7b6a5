import assert from 'node:assert/strict';
import test from 'node:test';
import type { Row } from './compare/row.ts';
import { print } from './print.ts';

const good: Row = { zh: '总账为零', en: 'the ledger sums to zero', left: '0.00', right: '0.00', wrong: [] };

test('the last line of the books is the verdict', () => {
  assert.equal(print([good], []).at(-1), '账平 · The books balance (1 comparisons).');
  const bad = { ...good, wrong: Array.from({ length: 13 }, (_, n) => `id${n}`) };
  const lines = print([good, bad], []);
  assert.equal(lines.at(-1), '账不平 · The books do NOT balance: 1 of 2 comparisons differ.');
  assert.equal(lines.filter((line) => line.startsWith('    id')).length, 10);
  assert.ok(lines.includes('    and 3 more'));
});

test('columns stand below each other, whatever the script', () => {
  const rows = [good, { ...good, zh: '账', left: '1' }];
  const [wide, narrow] = print(rows, []).filter((line) => line.startsWith('✓'));
  // Four Chinese characters take eight cells, one takes two.
  assert.equal(wide?.indexOf('the'), 2 + 1 + 4 + 2);
  assert.equal(narrow?.indexOf('the'), 2 + 1 + 1 + 6 + 2);
});

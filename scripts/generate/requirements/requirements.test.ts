import assert from 'node:assert/strict';
import test from 'node:test';
import { page, proofsOnPage, readRows } from './page.ts';
import { idsOf, proofsOfRun, unknownIds } from './proofs.ts';
import { saysName } from './test-names.ts';

const rows = readRows(
  '# id\tservice\twords\nGJ-0b\tregistry\tOur words.\nHB-A1a\tissuing\tIn part: one.\nHB-28b\tdispensing\t',
);

test('a test name proves every id that it starts with, and no other', () => {
  assert.deepEqual(idsOf('HB-28b a review'), ['HB-28b']);
  assert.deepEqual(idsOf('HB-24b, HB-28e CX-14-4b somebody'), ['HB-24b', 'HB-28e', 'CX-14-4b']);
  assert.deepEqual(idsOf('AS-07 7 two tills'), ['AS-07']);
  assert.deepEqual(idsOf('SM-7a GX-1-2-5f HB-A1c all'), ['SM-7a', 'GX-1-2-5f', 'HB-A1c']);
  assert.deepEqual(idsOf('HB-WH-EMP pays 80 %'), []);
  assert.deepEqual(idsOf('refuses HB-28b'), []);
});

test('a skipped or failed test proves nothing, under whichever file it failed', () => {
  const proofs = proofsOfRun([
    { name: 'HB-28b a', file: 'a.test.ts', outcome: 'passed' },
    { name: 'HB-28b b', file: 'a.test.ts', outcome: 'skipped' },
    { name: 'GJ-0b c', file: 'a.test.ts', outcome: 'failed' },
    { name: 'GJ-0b c', file: 'b.test.ts', outcome: 'passed' },
    { name: 'without id', file: 'a.test.ts', outcome: 'passed' },
  ]);
  assert.deepEqual(proofs, new Map([['HB-28b', ['HB-28b a (`a.test.ts`)']]]));
});

test('an id that does not exist is told', () => {
  const proofs = new Map([
    ['HB-28b', 1],
    ['HB-28z', 1],
    ['AS-07', 1],
    ['AS-21', 1],
    ['SM-13', 1],
    ['SM-4', 1],
  ]);
  assert.deepEqual(unknownIds(proofs, rows), ['AS-21', 'HB-28z', 'SM-13']);
});

test('the page says what was given, and gives it back', () => {
  const proofs = new Map([
    ['HB-A1a', ['HB-A1a one | two (`a.test.ts`)', 'HB-A1a three (`b.test.ts`)']],
    ['AS-07', ['AS-07 1 tills (`a.test.ts`)']],
  ]);
  const text = page(rows, proofs);
  assert.ok(text.includes('**1 of 3 rows have a passing test; 1 of them are covered in part only'));
  assert.ok(text.includes('| GJ-0b | registry | Our words. | open |'));
  assert.deepEqual(proofsOnPage(text), proofs);
  assert.equal(page(rows, proofsOnPage(text)), text);
});

test('a proof stands only as long as its test stands in the sources', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is the source of a test file
  const source = [
    "test('HB-28b a plain name', () => {});",
    "test('HB-28b an \\'escaped\\' name', () => {});",
    'for (const role of roles) test(`HB-28b ${role.name === `x` ? "a" : "b"} may not ${what[`}`]}`, () => {});',
    'test(`${everything}`, () => {});',
  ].join('\n');
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: this is the source of a test file
  assert.ok(saysName(source, 'HB-28b a plain name'));
  assert.ok(saysName(source, "HB-28b an 'escaped' name"));
  assert.ok(saysName(source, 'HB-28b DOCTOR may not sell'));
  assert.ok(!saysName(source, 'HB-28b a plain name that is gone'));
  assert.ok(!saysName(source, 'HB-28b DOCTOR may sell'));
});

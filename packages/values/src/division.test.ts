import assert from 'node:assert/strict';
import test from 'node:test';
import { liesIn, placesOf } from './division.ts';

const cases: [string, string[]][] = [
  ['420111', ['420000', '420100', '420111']],
  ['420100', ['420000', '420100']],
  ['420000', ['420000']],
  ['532323', ['530000', '532300', '532323']],
  ['110105', ['110000', '110100', '110105']],
];

test('places run from province to county, each once', () => {
  for (const [division, places] of cases) assert.deepEqual(placesOf(division), places, division);
});

test('a county directly under its province has no prefecture, and the grouping code is no place', () => {
  assert.deepEqual(placesOf('429004'), ['420000', '429004']);
  assert.deepEqual(placesOf('659001'), ['650000', '659001']);
  assert.deepEqual(placesOf('429000'), ['420000']);
});

test('other texts are refused', () => {
  for (const text of ['', '42', '4201111', '42011A']) assert.throws(() => placesOf(text), RangeError, text);
});

test('CX-7c a place lies in its own county, prefecture and province and in the nation, and nowhere else', () => {
  for (const division of ['420106', '420100', '420000', '100000']) assert.ok(liesIn('420106', division), division);
  for (const division of ['420102', '420500', '220000', '', '42']) assert.ok(!liesIn('420106', division), division);
  assert.ok(!liesIn('420100', '420106'), 'a prefecture does not lie in one of its counties');
  assert.ok(!liesIn('', '100000'), 'what has no place is nobody’s');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { divisionsOf } from './divisions.ts';

const cases: [territory: string | undefined, divisions: string[]][] = [
  [undefined, ['100000']],
  ['', ['100000']],
  ['100000', ['100000']],
  ['420000', ['100000', '420000']],
  ['420106', ['100000', '420000', '420100', '420106']],
  ['420106,420106,420100', ['100000', '420000', '420100', '420106']],
  ['420106,220102', ['100000', '220000', '220100', '220102', '420000', '420100', '420106']],
  ['429004', ['100000', '420000', '429004']],
];

test('an event is numbered in the nation and in each distinct province, prefecture and county of its places', () => {
  for (const [territory, divisions] of cases) assert.deepEqual(divisionsOf(territory), divisions, territory);
});

test('a text that is no division does not keep an event out of the audit', () => {
  assert.deepEqual(divisionsOf('42010,x,,420106 ,4201067'), ['100000']);
  assert.deepEqual(divisionsOf('x,220000'), ['100000', '220000']);
});

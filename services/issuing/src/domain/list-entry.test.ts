import assert from 'node:assert/strict';
import test from 'node:test';
import { findListEntry } from './list-entry.ts';
import { D1, day, drug, hubei, ISSUED_AT, listed, open } from './precheck.fixture.ts';

const find = (entries: typeof D1.entries, at = ISSUED_AT) =>
  findListEntry(drug(D1.drugCode, { entries }), '420106', hubei, at);
const from = (date: string, version: number) => ({
  ...listed('420000', 'SEPARATE_PAY'),
  listed: { from: day(date), to: undefined },
  version,
});

test('the list of the nearest authority counts', () => {
  const [nation, city] = [listed('100000', 'DUAL_CHANNEL'), listed('420100', 'SEPARATE_PAY')];
  assert.equal(find([nation, city]), city);
  assert.equal(find([city, nation]), city);
  assert.equal(find([nation]), nation);
});

test('a list of another place, or in a class outside the scheme, does not count', () => {
  assert.equal(find([listed('420500', 'SEPARATE_PAY'), listed('220000', 'DUAL_CHANNEL')]), undefined);
  assert.equal(find([listed('420000', 'NEGOTIATED')]), undefined);
});

test('of one authority’s entries the one that began last counts, once it has begun', () => {
  const entries = [from('2025-06-01', 2), from('2024-01-01', 1)];
  assert.equal(find(entries)?.version, 2);
  assert.equal(find(entries.toReversed())?.version, 2);
  assert.equal(find(entries, day('2025-05-31'))?.version, 1);
});

test('an entry counts from its first instant, and at its end no more', () => {
  const entry = { ...listed('420000', 'SEPARATE_PAY'), listed: { from: open.from, to: ISSUED_AT } };
  assert.equal(find([entry], open.from), entry);
  assert.equal(find([entry], ISSUED_AT), undefined);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Insurance } from '@erx/proto/registry/v1/registry_service';
import { insuranceFacts } from './insurance-facts.ts';

const at = new Date('2026-03-02T10:00:00+08:00');
const from = (day: string, to?: string) => ({
  from: new Date(`${day}T00:00:00+08:00`),
  to: to === undefined ? undefined : new Date(`${to}T00:00:00+08:00`),
});
const relation = (poolingRegion: string, change: Partial<Insurance> = {}): Insurance => ({
  poolingRegion,
  insuranceType: '310',
  status: 'ACTIVE',
  period: from('2020-01-01'),
  remoteFilings: [],
  ...change,
});
const regionOf = (...insurances: Insurance[]) => {
  const { poolingRegion, active } = insuranceFacts('p', insurances, at);
  return [poolingRegion, active];
};

test('HB-2a of several active relations the one that began last counts', () => {
  const older = relation('420100');
  const newer = relation('420500', { period: from('2025-01-01') });
  assert.deepEqual(regionOf(newer, older), ['420500', true]);
  assert.deepEqual(regionOf(older, newer), ['420500', true]);
});

test('CX-5a an active relation goes before a suspended one; a suspended one is named, not active', () => {
  const suspended = relation('420500', { status: 'SUSPENDED', period: from('2025-01-01') });
  assert.deepEqual(regionOf(suspended, relation('420100')), ['420100', true]);
  assert.deepEqual(regionOf(suspended), ['420500', false]);
});

test('CX-5a nothing counts before it begins and after it ends', () => {
  assert.deepEqual(regionOf(relation('420100', { period: from('2026-03-03') })), ['', false]);
  assert.deepEqual(regionOf(relation('420100', { period: from('2020-01-01', '2026-03-02') })), ['', false]);
  assert.deepEqual(regionOf(), ['', false]);
});

test('remote filings count on their days, those of the relation that counts', () => {
  const remoteFilings = [
    { region: '220100', period: from('2025-01-01') },
    { region: '440100', period: from('2020-01-01', '2025-01-01') },
  ];
  const facts = insuranceFacts('p', [relation('420100', { remoteFilings })], at);
  assert.deepEqual(facts.remoteFilingRegions, ['220100']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  D1,
  D3,
  day,
  H1,
  H3,
  H5,
  hospital,
  hubeiFacts,
  ISSUED_AT,
  jilinFacts,
  line,
  open,
} from '../precheck.fixture.ts';
import { hospitalRole } from './hospital-role.ts';
import { shown } from './shown.fixture.ts';

const designated = (role: string, status: string, period: typeof open | { from: Date; to: Date } = open) =>
  hospital('H42010600099', { designations: [{ role, status, period }] });

test('HB-6a separately paid drugs need a dual-channel hospital', () => {
  assert.deepEqual(hospitalRole(hubeiFacts({ hospital: H1 })), []);
  assert.deepEqual(shown(hospitalRole(hubeiFacts({ hospital: H3 }))), ['HOSPITAL_NOT_DUAL_CHANNEL']);
});

test('HB-14 other drugs of the scheme need only the insurance designation', () => {
  assert.deepEqual(hospitalRole(hubeiFacts({ hospital: H3, lines: [line(D3)] })), []);
  assert.deepEqual(shown(hospitalRole(hubeiFacts({ hospital: H3, lines: [line(D3), line(D1)] }))), [
    'HOSPITAL_NOT_DUAL_CHANNEL',
  ]);
});

test('JL-1-2b only a treating hospital may issue', () => {
  assert.deepEqual(hospitalRole(jilinFacts()), []);
  const certifying = { ...H5, designations: H5.designations.filter(({ role }) => role === 'CERTIFYING') };
  assert.deepEqual(shown(hospitalRole(jilinFacts({ hospital: certifying }))), ['INSTITUTION_NOT_TREATING']);
});

test('GJ-6c the state of the designation at the issue time decides', () => {
  const codes = (status: string) => shown(hospitalRole(hubeiFacts({ hospital: designated('DUAL', status) })));
  assert.deepEqual(codes('ACTIVE'), []);
  assert.deepEqual(codes('SUSPENDED'), ['INSTITUTION_SUSPENDED']);
  assert.deepEqual(codes('EXITED_WITH_BAN'), ['INSTITUTION_EXITED']);
  assert.deepEqual(codes('EXITED_VOLUNTARY'), ['INSTITUTION_EXITED']);
  assert.deepEqual(codes('EXPIRED'), ['HOSPITAL_NOT_DUAL_CHANNEL']);
  const until = (to: Date) => hubeiFacts({ hospital: designated('DUAL', 'ACTIVE', { from: open.from, to }) });
  assert.deepEqual(shown(hospitalRole(until(ISSUED_AT))), ['HOSPITAL_NOT_DUAL_CHANNEL']);
  assert.deepEqual(hospitalRole(until(new Date(ISSUED_AT.getTime() + 1))), []);
});

test('a hospital without insurance designation, or no hospital at all, is refused', () => {
  const over = hospital(H1.institutionId, { insuranceDesignated: [{ from: open.from, to: day('2025-06-06') }] });
  assert.deepEqual(shown(hospitalRole(hubeiFacts({ hospital: over }))), ['HOSPITAL_NOT_DESIGNATED']);
  const pharmacy = hospital(H1.institutionId, { kind: 'PHARMACY' });
  assert.deepEqual(shown(hospitalRole(hubeiFacts({ hospital: pharmacy }))), ['HOSPITAL_NOT_DESIGNATED']);
});

test('HB-43 a hospital that still tests its connection is refused', () => {
  const testing = hospital(H1.institutionId, { connection: 'TESTING' });
  assert.deepEqual(shown(hospitalRole(hubeiFacts({ hospital: testing }))), ['INSTITUTION_NOT_CONNECTED']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  D1,
  D3,
  DR1,
  DR2,
  DR5,
  DR6,
  day,
  filed,
  hubeiFacts,
  ISSUED_AT,
  jilinFacts,
  line,
  open,
} from '../precheck.fixture.ts';
import { doctorAdmission } from './doctor-admission.ts';
import { shown } from './shown.fixture.ts';

const inHubei = (doctor: typeof DR1 | undefined, lines = [line(D1)]) =>
  shown(doctorAdmission(hubeiFacts({ doctor, lines })));
const inJilin = (doctor: typeof DR1) => shown(doctorAdmission(jilinFacts({ doctor })));

test('HB-6c HB-42a a separately paid drug needs a responsible doctor', () => {
  assert.deepEqual(inHubei(DR1), []);
  assert.deepEqual(inHubei(DR2), ['DOCTOR_NOT_FILED /doctorId']);
});

test('HB-14 HB-42b for other drugs of the scheme an insured physician suffices, and is needed', () => {
  assert.deepEqual(inHubei(DR2, [line(D3)]), []);
  assert.deepEqual(inHubei({ ...DR2, insuredPhysician: [] }, [line(D3)]), ['DOCTOR_NOT_INSURED_PHYSICIAN /doctorId']);
});

test('JL-2-1a JL-2-1c a treating doctor prescribes; one who only certifies does not', () => {
  assert.deepEqual(inJilin(DR6), []);
  assert.deepEqual(inJilin(DR5), ['DOCTOR_ROLE_NOT_TREATING /doctorId']);
  assert.deepEqual(inJilin({ ...DR6, filings: [] }), ['DOCTOR_NOT_FILED /doctorId']);
});

test('GJ-6d where the region says nothing else, the designated doctor is the responsible one', () => {
  const { profile, ...rest } = hubeiFacts();
  const values = { ...profile.values, doctorSchemeByClass: {}, doctorSchemeDefault: 'DESIGNATED' as const };
  const admit = (doctor: typeof DR1) => shown(doctorAdmission({ ...rest, doctor, profile: { ...profile, values } }));
  assert.deepEqual(admit(DR1), []);
  assert.deepEqual(admit(DR2), ['DOCTOR_NOT_FILED /doctorId']);
});

test('CX-20d HB-22-0 JL-4-2b the state of the filing at the issue time decides', () => {
  const codes = (status: string) => inHubei({ ...DR1, filings: [filed('RESPONSIBLE', status)] });
  assert.deepEqual(codes('FILED'), []);
  assert.deepEqual(codes('SUSPENDED'), ['DOCTOR_SUSPENDED /doctorId']);
  assert.deepEqual(codes('REVOKED'), ['DOCTOR_REVOKED /doctorId']);
  assert.deepEqual(codes('EXPIRED'), ['DOCTOR_FILING_EXPIRED /doctorId']);
  assert.deepEqual(codes('REMOVED'), ['DOCTOR_NOT_FILED /doctorId']);
  const over = { ...filed('RESPONSIBLE'), period: { from: open.from, to: ISSUED_AT } };
  assert.deepEqual(inHubei({ ...DR1, filings: [over] }), ['DOCTOR_FILING_EXPIRED /doctorId']);
  const begins = { ...filed('RESPONSIBLE'), period: { from: day('2025-06-07'), to: undefined } };
  assert.deepEqual(inHubei({ ...DR1, filings: [begins] }), ['DOCTOR_NOT_FILED /doctorId']);
});

test('JL-4-2b a doctor whose licence has ended is refused', () => {
  const licensed = [{ from: open.from, to: day('2025-06-06') }];
  assert.deepEqual(inHubei({ ...DR1, licensed }), ['DOCTOR_FILING_EXPIRED /doctorId']);
});

test('GX-3h a doctor of another hospital, a pharmacist, or nobody is refused', () => {
  assert.deepEqual(inHubei({ ...DR1, institutionId: 'H42010600003' }), ['DOCTOR_NOT_AT_INSTITUTION /doctorId']);
  assert.deepEqual(inHubei({ ...DR1, kind: 'HOSPITAL_PHARMACIST' }), ['DOCTOR_NOT_AT_INSTITUTION /doctorId']);
  assert.deepEqual(inHubei(undefined), ['DOCTOR_NOT_AT_INSTITUTION /doctorId']);
});

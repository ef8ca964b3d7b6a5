import assert from 'node:assert/strict';
import test from 'node:test';
import { type Admission, barredBy, nextChange } from './admission.ts';

const day = (text: string) => new Date(`${text}T00:00:00+08:00`);
const since = { from: day('2024-01-01'), to: undefined };
const until = (end: string) => ({ from: day('2024-01-01'), to: day(end) });
const AT = day('2025-06-06');
const admitted: Admission = {
  licensed: [since],
  insuredPhysician: [since],
  filings: [{ scheme: 'RESPONSIBLE', status: 'FILED', period: since }],
};
const filing = (status: string, from: string, scheme = 'RESPONSIBLE') => {
  return { scheme, status, period: { from: day(from), to: undefined } };
};

test('HB-22-0 a filing bars its doctor from the instant at which it is revoked, in any scheme, until a later one', () => {
  const history = [...admitted.filings, filing('REVOKED', '2025-06-06')];
  assert.equal(barredBy({ ...admitted, filings: history }, new Date(AT.getTime() - 1)), undefined);
  assert.equal(barredBy({ ...admitted, filings: history }, AT), 'DOCTOR_REVOKED');
  const treating = [...admitted.filings, filing('REVOKED', '2025-06-06', 'TREATING')];
  assert.equal(barredBy({ ...admitted, filings: treating }, AT), 'DOCTOR_REVOKED');
  const again = [...history, filing('FILED', '2027-06-06')];
  assert.equal(barredBy({ ...admitted, filings: again }, day('2027-06-06')), undefined);
});

test('HB-22-0 licence and insured status bar when they are over, not when there never was one', () => {
  assert.equal(barredBy(admitted, AT), undefined);
  assert.equal(barredBy({ ...admitted, licensed: [until('2025-06-06')] }, AT), 'DOCTOR_FILING_EXPIRED');
  const uninsured = { ...admitted, insuredPhysician: [until('2025-06-06')] };
  assert.equal(barredBy(uninsured, AT), 'DOCTOR_NOT_INSURED_PHYSICIAN');
  assert.equal(barredBy({ licensed: [], insuredPhysician: [], filings: [] }, AT), undefined);
  const renewed = [until('2025-01-01'), { from: day('2025-01-01'), to: undefined }];
  assert.equal(barredBy({ ...admitted, licensed: renewed }, AT), undefined);
});

test('HB-22-0 the next change is the first edge of any period after now', () => {
  assert.equal(nextChange(admitted, AT), undefined);
  const changing = { ...admitted, licensed: [until('2026-01-01')], insuredPhysician: [until('2025-12-01')] };
  assert.deepEqual(nextChange(changing, AT), day('2025-12-01'));
  assert.deepEqual(nextChange(changing, day('2025-12-01')), day('2026-01-01'));
  assert.deepEqual(nextChange({ ...admitted, filings: [filing('REVOKED', '2025-07-01')] }, AT), day('2025-07-01'));
});

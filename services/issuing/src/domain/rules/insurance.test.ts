import assert from 'node:assert/strict';
import test from 'node:test';
import { day, hubeiFacts, ISSUED_AT, insurance, open } from '../precheck.fixture.ts';
import { activeInsurance, insured, remoteRegions } from './insurance.ts';
import { shown } from './shown.fixture.ts';

const judge = (...insurances: ReturnType<typeof insurance>[]) => shown(insured(hubeiFacts({ insurances })));

test('CX-5a an active relation on the day of issue passes', () => {
  assert.deepEqual(judge(insurance()), []);
  assert.deepEqual(judge(insurance({ status: 'SUSPENDED' }), insurance({ insuranceType: '390' })), []);
});

test('CX-5a HB-2a a suspended, ended or future relation is INSURED_STATUS_INACTIVE', () => {
  assert.deepEqual(judge(insurance({ status: 'SUSPENDED' })), ['INSURED_STATUS_INACTIVE /patient']);
  assert.deepEqual(judge(insurance({ period: { from: open.from, to: day('2025-06-06') } })), [
    'INSURED_STATUS_INACTIVE /patient',
  ]);
  assert.deepEqual(judge(insurance({ period: { from: day('2025-06-07'), to: undefined } })), [
    'INSURED_STATUS_INACTIVE /patient',
  ]);
});

test('CX-5a nobody without any relation is covered', () => {
  assert.deepEqual(judge(), ['INSURED_SCHEME_NOT_COVERED /patient']);
});

test('of two active relations the one that began last pays', () => {
  const later = insurance({ insuranceType: '390', period: { from: day('2025-01-01'), to: undefined } });
  assert.equal(activeInsurance([later, insurance()], ISSUED_AT), later);
  assert.equal(activeInsurance([insurance(), later], day('2024-12-31'))?.insuranceType, '310');
});

test('JL-3-2c remote filings count at the issue time only', () => {
  const remoteFilings = [
    { region: '220100', period: open },
    { region: '450100', period: { from: open.from, to: day('2025-06-01') } },
  ];
  assert.deepEqual(remoteRegions(insurance({ remoteFilings }), ISSUED_AT), ['220100']);
});

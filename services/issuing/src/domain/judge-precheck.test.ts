import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { judgePrecheck } from './judge-precheck.ts';
import { D1, D3, D8, DR2, H3, heart, hubeiFacts, insurance, jilinFacts, line, open } from './precheck.fixture.ts';

test('HB-2b every rule speaks at once', () => {
  const outcome = judgePrecheck(
    hubeiFacts({
      hospital: H3,
      doctor: DR2,
      category: '11',
      diagnoses: [heart],
      lines: [line(D1, { days: 31 }), line(D8)],
      insurances: [],
      filings: [],
      outflowReason: '',
    }),
  );
  assert.ok(isRefused(outcome));
  assert.deepEqual(
    outcome.refused.map(({ code }) => code),
    [
      'HOSPITAL_NOT_DUAL_CHANNEL',
      'DOCTOR_NOT_AT_INSTITUTION',
      'DOCTOR_NOT_FILED',
      'INSURED_SCHEME_NOT_COVERED',
      'DRUG_EXCLUDED_CATEGORY',
      'DRUG_NOT_IN_SCHEME',
      'OFF_PAYMENT_SCOPE',
      'QTY_OVER_LIMIT',
      'QUALIFICATION_MISSING',
      'MED_CATEGORY_REQUIRED_110202',
      'OUTFLOW_REASON_MISSING',
    ],
  );
});

test('what passes names for each line the rules and the filing that it was judged by', () => {
  const remoteFilings = [{ region: '220100', period: open }];
  const judged = judgePrecheck(hubeiFacts({ insurances: [insurance({ remoteFilings })] }));
  assert.ok(!isRefused(judged));
  const [{ drugClass, listRegion, listVersion, institutionRule, doctorScheme, filing } = {}] = judged.lines;
  assert.deepEqual([drugClass, listRegion, listVersion], ['SEPARATE_PAY', '420000', 1]);
  assert.deepEqual([institutionRule, doctorScheme], ['DUAL', 'RESPONSIBLE']);
  assert.deepEqual(filing, { filingId: 'F-1', status: 'EFFECTIVE' });
  assert.deepEqual(judged.insurance, {
    poolingRegion: '420100',
    insuranceType: '310',
    active: true,
    remoteFilingRegions: ['220100'],
  });
});

test('AS-05 DR2 at H1 may prescribe D3', () => {
  const asked = { doctor: DR2, category: '11', diagnoses: [heart], lines: [line(D3)], filings: [] };
  assert.ok(!isRefused(judgePrecheck(hubeiFacts(asked))));
});

test('PT4’s prescription of D7 by DR6 at H5 passes', () => {
  assert.ok(!isRefused(judgePrecheck(jilinFacts())));
});

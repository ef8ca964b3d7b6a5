import assert from 'node:assert/strict';
import test from 'node:test';
import type { Filing } from '@erx/proto/registry/v1/registry_service';
import { D1, D3, D7, day, drug, filing, hubeiFacts, jilinFacts, line } from '../precheck.fixture.ts';
import { listedLines } from '../precheck-facts.ts';
import { filingOf, qualification } from './qualification.ts';
import { shown } from './shown.fixture.ts';

const inHubei = (...filings: Filing[]) => shown(qualification(hubeiFacts({ filings })));

test('HB-7a a separately paid drug needs a filing', () => {
  assert.deepEqual(inHubei(filing(D1)), []);
  assert.deepEqual(inHubei(), ['QUALIFICATION_MISSING /lines/0']);
});

test('HB-14 other drugs of Hubei’s scheme need none', () => {
  assert.deepEqual(qualification(hubeiFacts({ filings: [], lines: [line(D3)] })), []);
});

test('JL-3-1b in Jilin every drug of the scheme needs one', () => {
  assert.deepEqual(qualification(jilinFacts()), []);
  assert.deepEqual(shown(qualification(jilinFacts({ filings: [] }))), ['QUALIFICATION_MISSING /lines/0']);
});

test('HB-8a it counts from the day of filing on, not earlier, and its last day still counts', () => {
  const judge = (issuedAt: Date) => shown(qualification(hubeiFacts({ issuedAt })));
  assert.deepEqual(judge(new Date('2025-06-04T23:59:59+08:00')), ['QUALIFICATION_NOT_EFFECTIVE /lines/0']);
  assert.deepEqual(judge(day('2025-06-05')), []);
  assert.deepEqual(judge(new Date('2025-12-05T23:59:59+08:00')), []);
  assert.deepEqual(judge(day('2025-12-06')), ['QUALIFICATION_EXPIRED /lines/0']);
});

test('SM-1 every state of a filing, within its period and beyond it', () => {
  const within = { from: day('2025-01-01'), to: day('2025-12-31') };
  const beyond = { from: day('2025-01-01'), to: day('2025-06-04') };
  const states: [status: string, within: string, beyond: string][] = [
    ['SUBMITTED', 'NOT_EFFECTIVE', 'EXPIRED'],
    ['EFFECTIVE', '', 'EXPIRED'],
    ['REASSESS_DUE', '', 'LAPSED'],
    ['REASSESSING', '', ''],
    ['LAPSED', 'LAPSED', 'LAPSED'],
    ['TERMINATED', 'TERMINATED', 'TERMINATED'],
    ['EXPIRED', 'EXPIRED', 'EXPIRED'],
    ['REVOKED', 'REVOKED', 'REVOKED'],
  ];
  for (const [status, ...codes] of states) {
    const got = [within, beyond].map((benefit) => inHubei(filing(D1, { status, benefit })));
    const wanted = codes.map((code) => (code === '' ? [] : [`QUALIFICATION_${code} /lines/0`]));
    assert.deepEqual(got, wanted, status);
  }
});

test('JL-3-1c a filing that is still being reviewed has no benefit yet', () => {
  const underWay = filing(D7, { status: 'SUBMITTED', benefit: undefined, region: '220100' });
  assert.deepEqual(shown(qualification(jilinFacts({ filings: [underWay] }))), ['QUALIFICATION_NOT_EFFECTIVE /lines/0']);
});

test('HB-9c a drug bought two days after the deadline is covered while a reassessment is open', () => {
  const reassessing = filing(D1, {
    status: 'REASSESSING',
    benefit: { from: day('2025-01-01'), to: day('2025-06-04') },
  });
  assert.deepEqual(inHubei(reassessing), []);
});

test('HB-8b another drug than the filed one is QUALIFICATION_DRUG_MISMATCH', () => {
  assert.deepEqual(inHubei(filing(D7)), ['QUALIFICATION_DRUG_MISMATCH /lines/0']);
});

test('JL-3-2a another form than the filed one is GENERIC_FORM_MISMATCH, another brand of the same form is accepted', () => {
  const region = '220100';
  const tablets = filing(D7, { region, dosageForm: '片剂' });
  assert.deepEqual(shown(qualification(jilinFacts({ filings: [tablets] }))), ['GENERIC_FORM_MISMATCH /lines/0']);
  const otherBrand = filing(drug('XL01EXL195E001020207890', { genericName: D7.genericName, dosageForm: '胶囊剂' }), {
    region,
  });
  assert.deepEqual(qualification(jilinFacts({ filings: [otherBrand] })), []);
});

test('CX-4a where only the substance is filed, the form does not matter', () => {
  const facts = hubeiFacts({ filings: [filing(D1, { dosageForm: '颗粒剂' })] });
  assert.deepEqual(shown(qualification(facts)), ['GENERIC_FORM_MISMATCH /lines/0']);
  const values = { ...facts.profile.values, drugMatchKey: 'GENERIC' as const };
  assert.deepEqual(qualification({ ...facts, profile: { ...facts.profile, values } }), []);
});

test('HB-3c a filing made elsewhere in the province counts, one of another province does not', () => {
  assert.deepEqual(inHubei(filing(D1, { region: '420500' })), []);
  assert.deepEqual(inHubei(filing(D1, { region: '220100' })), ['QUALIFICATION_MISSING /lines/0']);
});

test('of several filings the one under way says more than those that have ended', () => {
  const ended = filing(D1, { status: 'REVOKED', benefit: { from: day('2025-05-01'), to: undefined } });
  const underWay = filing(D1, { filingId: 'F-2', status: 'SUBMITTED', benefit: undefined });
  assert.deepEqual(inHubei(ended, underWay), ['QUALIFICATION_NOT_EFFECTIVE /lines/0']);
  assert.deepEqual(
    inHubei(ended, filing(D1, { status: 'EXPIRED', benefit: { from: day('2024-01-01'), to: undefined } })),
    ['QUALIFICATION_REVOKED /lines/0'],
  );
});

test('a line keeps the filing that covers it, and none where none is needed', () => {
  const facts = hubeiFacts({ lines: [line(D1), line(D3)] });
  assert.deepEqual(
    listedLines(facts).map((each) => filingOf(each, facts)?.filingId),
    ['F-1', undefined],
  );
});

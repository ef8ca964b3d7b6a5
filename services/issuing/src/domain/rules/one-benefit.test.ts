import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, D3, D7, hubeiFacts, jilinFacts, line } from '../precheck.fixture.ts';
import { oneBenefit } from './one-benefit.ts';
import { shown } from './shown.fixture.ts';

const judge = (category: string, ...drugs: { drugCode: string }[]) =>
  oneBenefit(hubeiFacts({ category, lines: drugs.map((each) => line(each)) }));

test('HB-38a drugs of two benefits do not stand in one prescription', () => {
  const [refused, ...others] = judge('110202', D1, D3);
  assert.deepEqual(others, []);
  assert.equal(refused?.code, 'MIXED_BENEFIT_PRESCRIPTION');
  assert.deepEqual(refused?.detail, { '110202': D1.drugCode, '11': D3.drugCode });
});

test('HB-34a HB-35 separately paid drugs come under category 110202', () => {
  assert.deepEqual(judge('110202', D1), []);
  assert.deepEqual(shown(judge('11', D1)), ['MED_CATEGORY_REQUIRED_110202 /category']);
});

test('HB-38b other drugs come under the ordinary category', () => {
  assert.deepEqual(judge('11', D3), []);
  assert.deepEqual(shown(judge('110202', D3)), ['MED_CATEGORY_MISMATCH /category']);
  assert.deepEqual(oneBenefit(jilinFacts()), []);
  assert.deepEqual(shown(oneBenefit(jilinFacts({ category: '110202', lines: [line(D7)] }))), [
    'MED_CATEGORY_MISMATCH /category',
  ]);
});

test('HB-38a a region that allows it lets benefits stand together', () => {
  const { profile, ...facts } = hubeiFacts({ lines: [line(D1), line(D3)] });
  const values = { ...profile.values, separateRxPerBenefit: false };
  assert.deepEqual(oneBenefit({ ...facts, profile: { ...profile, values } }), []);
});

test('a drug outside every list has no benefit to compare', () => {
  assert.deepEqual(judge('11', { drugCode: 'X-UNKNOWN' }), []);
});

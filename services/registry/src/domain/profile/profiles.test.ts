import assert from 'node:assert/strict';
import test from 'node:test';
import { ReferenceStore } from '@erx/reference';
import { profiles } from '../../../profiles/all.ts';
import { national } from '../../../profiles/national.ts';
import { toPublished } from './to-published.ts';

const store = new ReferenceStore();
for (const profile of profiles) store.apply('erx.registry.v1.ProfilePublished', toPublished(profile));

const WUHAN = '420106';
const CHANGCHUN = '220102';
const NANNING = '450103';

test('HB-53 a moment before 2023-07-30 in Hubei is judged by the national profile', () => {
  const before = store.profile(WUHAN, new Date('2023-07-29T23:59:59.999+08:00'));
  assert.equal(before?.version, '100000@1');
  assert.equal(before?.region, '100000');
  assert.deepEqual(before?.values, national.versions[0]?.values);
});

test('HB-53 from the first second of 2023-07-30 the Hubei profile holds', () => {
  const from = store.profile(WUHAN, new Date('2023-07-30T00:00:00+08:00'));
  assert.equal(from?.version, '100000@1+420000@1');
  assert.equal(from?.region, '420000');
  assert.equal(from?.values.spdMedicalCategory, '110202');
  assert.equal(from?.values.rxPoolingScope, 'PROVINCE');
});

test('HB-52 what the province does not say comes from the nation', () => {
  const values = store.profile(WUHAN, new Date('2025-06-03T09:00:00+08:00'))?.values;
  assert.equal(values?.rxValidityDays, 3);
  assert.equal(values?.patientConsentRequired, true);
  assert.equal(values?.drugMatchKey, 'GENERIC_FORM');
});

test('HB-42a HB-42b HB-14 doctor scheme and institution rule follow the class of the drug', () => {
  const values = store.profile(WUHAN, new Date('2025-06-03T09:00:00+08:00'))?.values;
  assert.equal(values?.doctorSchemeByClass.SEPARATE_PAY, 'RESPONSIBLE');
  assert.equal(values?.doctorSchemeByClass.DUAL_CHANNEL, 'INSURED_PHYSICIAN');
  assert.deepEqual(values?.institutionRuleByClass.SEPARATE_PAY, { hospital: 'DUAL', pharmacy: 'DUAL' });
  assert.deepEqual(values?.institutionRuleByClass.DUAL_CHANNEL, { hospital: 'ANY_DESIGNATED', pharmacy: 'DUAL' });
});

test('JL-5a Jilin is judged by the nation on 2025-04-24 and by its own profile from 2025-04-25', () => {
  assert.equal(store.profile(CHANGCHUN, new Date('2025-04-24T23:59:59+08:00'))?.version, '100000@1');
  const from = store.profile(CHANGCHUN, new Date('2025-04-25T00:00:00+08:00'));
  assert.equal(from?.version, '100000@1+220000@1');
  assert.equal(from?.values.diseaseListRequired, true);
  assert.equal(from?.values.doctorSchemeDefault, 'TREATING');
  assert.deepEqual(from?.values.institutionRuleDefault, { hospital: 'TREATING', pharmacy: 'TREATING' });
});

test('a region without a profile is judged by the national one, and nothing is judged before there was one', () => {
  assert.equal(store.profile(NANNING, new Date('2025-06-03T09:00:00+08:00'))?.version, '100000@1');
  assert.equal(store.profile(WUHAN, new Date('2021-04-21T23:59:59+08:00')), undefined);
});

test('every profile names a parent of the list and numbers its versions in the order of their days', () => {
  for (const profile of profiles) {
    assert.ok(profile.parent === '' || profiles.some(({ code }) => code === profile.parent), profile.code);
    assert.deepEqual(
      profile.versions.map(({ version }) => version),
      profile.versions.map((_, index) => index + 1),
    );
    const days = profile.versions.map(({ from }) => from);
    assert.deepEqual(days, days.toSorted());
  }
});

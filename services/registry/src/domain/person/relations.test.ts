import assert from 'node:assert/strict';
import test from 'node:test';
import type { Filing, Person } from '@erx/proto/registry/v1/registry_service';
import { checkPersons } from './relations.ts';

const bytes = new Uint8Array(32).fill(1);
const period = { from: new Date('2025-01-01T00:00:00+08:00'), to: undefined };
const filing: Filing = {
  filingId: 'F1',
  drugCode: '',
  genericName: '仑伐替尼',
  dosageForm: '胶囊剂',
  status: 'EFFECTIVE',
  benefit: period,
  region: '220100',
  institutionId: 'H22010200001',
};
const person: Person = {
  personId: 'a',
  nameSealed: bytes,
  identitySealed: bytes,
  phoneSealed: bytes,
  contentHash: bytes,
  nameHash: bytes,
  insurances: [{ poolingRegion: '220100', insuranceType: '310', status: 'ACTIVE', period, remoteFilings: [] }],
  filings: [filing],
};

const problems = (persons: Person[], owners: [string, string][] = []) =>
  [...checkPersons(persons, new Set(['a', 'b']), new Map(owners))].map(
    ({ pointer, problem }) => `${pointer} ${problem}`,
  );

test('a well-formed person passes, also again with the own filing', () => {
  assert.deepEqual(problems([person]), []);
  assert.deepEqual(problems([person], [['F1', 'a']]), []);
});

test('all problems of all persons are named at once, each at its place', () => {
  const wrong: Person = {
    ...person,
    personId: 'c',
    phoneSealed: new Uint8Array(),
    insurances: [
      {
        poolingRegion: '42',
        insuranceType: '999',
        status: 'PAUSED',
        period: { from: period.from, to: period.from },
        remoteFilings: [{ region: 'x', period: undefined }],
      },
    ],
    filings: [
      { ...filing, filingId: '', genericName: '', dosageForm: '', status: 'NEW', region: '', benefit: undefined },
    ],
  };
  assert.deepEqual(problems([person, wrong]), [
    '/persons/1/personId UNKNOWN_PERSON',
    '/persons/1 NOT_SEALED',
    '/persons/1/insurances/0/poolingRegion NOT_A_DIVISION',
    '/persons/1/insurances/0/insuranceType UNKNOWN_VALUE',
    '/persons/1/insurances/0/status UNKNOWN_VALUE',
    '/persons/1/insurances/0/period/to ENDS_BEFORE_IT_BEGINS',
    '/persons/1/insurances/0/remoteFilings/0/region NOT_A_DIVISION',
    '/persons/1/insurances/0/remoteFilings/0/period PERIOD_MISSING',
    '/persons/1/filings/0/filingId NOT_AN_ID',
    '/persons/1/filings/0/genericName NOT_A_TEXT',
    '/persons/1/filings/0/dosageForm NOT_A_TEXT',
    '/persons/1/filings/0/status UNKNOWN_VALUE',
    '/persons/1/filings/0/benefit PERIOD_MISSING',
    '/persons/1/filings/0/region NOT_A_DIVISION',
  ]);
});

test('a filing belongs to one person, in the database and within one import', () => {
  assert.deepEqual(problems([person], [['F1', 'b']]), ['/persons/0/filings/0/filingId FILING_OF_ANOTHER_PERSON']);
  assert.deepEqual(problems([person, { ...person, personId: 'b' }]), ['/persons/1/filings/0/filingId DUPLICATE']);
  assert.deepEqual(problems([person, { ...person, filings: [] }]), ['/persons/1/personId DUPLICATE']);
});

test('HB-8a a submitted filing has no benefit yet', () => {
  assert.deepEqual(problems([{ ...person, filings: [{ ...filing, status: 'SUBMITTED', benefit: undefined }] }]), []);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Drug, Institution } from '@erx/proto/registry/v1/registry_events';
import type { ProfileValues } from '@erx/reference';
import { type EligibilityFacts, eligibilityProblems } from './eligibility.ts';
import { pharmacistProblem } from './pharmacist.ts';
import { AT, later } from './prescription.fixture.ts';
import { standingProblems } from './standing.ts';

const open = { from: new Date(0), to: undefined };

function pharmacy(change: Partial<Institution> = {}): Institution {
  return {
    institutionId: 'P1',
    kind: 'PHARMACY',
    name: '',
    division: '420106',
    poolingRegion: '420100',
    level: 0,
    insuranceDesignated: [open],
    designations: [{ role: 'DUAL', status: 'ACTIVE', period: open }],
    connection: 'CONNECTED',
    coldChain: true,
    diseases: [],
    keys: [],
    ...change,
  };
}

const values = {
  institutionRuleByClass: { DUAL_CHANNEL: { hospital: 'ANY_DESIGNATED', pharmacy: 'ANY_DESIGNATED' } },
  institutionRuleDefault: { hospital: 'DUAL', pharmacy: 'DUAL' },
  rxPoolingScope: 'PROVINCE',
  coldChainRequired: 'NONE',
  diseaseListRequired: false,
} as Partial<ProfileValues> as ProfileValues;

function problems(
  change: Partial<Institution>,
  facts: Partial<EligibilityFacts> = {},
  profile: Partial<ProfileValues> = {},
): string[] {
  const all: EligibilityFacts = {
    pharmacy: pharmacy(change),
    hospital: pharmacy({ kind: 'HOSPITAL' }),
    diagnosisCodes: ['C34.900'],
    drugClasses: ['SEPARATE_PAY'],
    drugs: [],
    values: { ...values, ...profile },
    at: AT,
    ...facts,
  };
  return eligibilityProblems(all).map(({ code }) => code);
}

const standing = (change: Partial<Institution>) => standingProblems('P1', pharmacy(change), AT).map(({ code }) => code);
const role = (status: string, period = open) => ({ designations: [{ role: 'DUAL', status, period }] });

describe('a pharmacy in the scheme', () => {
  test('GX-1-2-1a an insurance pharmacy, today', () => {
    assert.deepEqual(standing({}), []);
    assert.deepEqual(
      standingProblems('P1', undefined, AT).map(({ code }) => code),
      ['PHARMACY_NOT_DESIGNATED'],
    );
    assert.deepEqual(standing({ kind: 'HOSPITAL' }), ['PHARMACY_NOT_DESIGNATED']);
    assert.deepEqual(standing({ insuranceDesignated: [{ from: open.from, to: AT }] }), ['PHARMACY_NOT_DESIGNATED']);
  });

  test('HB-43 connected to the hub', () => {
    assert.deepEqual(standing({ connection: 'TESTING' }), ['INSTITUTION_NOT_CONNECTED']);
  });

  test('HB-6b the class of the drug demands the role, with its status today', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ designations: [] }), ['PHARMACY_NOT_DUAL_CHANNEL']);
    assert.deepEqual(problems(role('SUSPENDED')), ['INSTITUTION_SUSPENDED']);
    assert.deepEqual(problems(role('EXITED_WITH_BAN')), ['INSTITUTION_EXITED']);
    assert.deepEqual(problems(role('EXITED_VOLUNTARY')), ['INSTITUTION_EXITED']);
    assert.deepEqual(problems(role('ACTIVE', { from: later(1), to: undefined })), ['PHARMACY_NOT_DUAL_CHANNEL']);
  });

  test('HB-14 a class with a milder rule asks for no role, and the strictest class of a prescription counts', () => {
    assert.deepEqual(problems({ designations: [] }, { drugClasses: ['DUAL_CHANNEL'] }), []);
    const both = { drugClasses: ['DUAL_CHANNEL', 'SEPARATE_PAY'] };
    assert.deepEqual(problems({ designations: [] }, both), ['PHARMACY_NOT_DUAL_CHANNEL']);
  });

  test('JL-1-2d where only treating institutions count, a dual one is refused', () => {
    const treating = { institutionRuleDefault: { hospital: 'TREATING', pharmacy: 'TREATING' } } as const;
    assert.deepEqual(problems({}, {}, treating), ['INSTITUTION_NOT_TREATING']);
  });

  test('CX-14-1b a licensed pharmacist of this pharmacy, today', () => {
    const practitioner = {
      ...{ practitionerId: 'YS1', kind: 'PHARMACIST', name: '', institutionId: 'P1', title: '', specialty: '' },
      ...{ licensed: [open], insuredPhysician: [], filings: [], keys: [] },
    };
    assert.equal(pharmacistProblem('YS1', practitioner, 'P1', AT), undefined);
    for (const other of [
      undefined,
      { ...practitioner, kind: 'HOSPITAL_PHARMACIST' },
      { ...practitioner, institutionId: 'P2' },
      { ...practitioner, licensed: [{ from: open.from, to: AT }] },
    ]) {
      assert.equal(pharmacistProblem('YS1', other, 'P1', AT)?.refused[0]?.code, 'PHARMACIST_NOT_LICENSED');
    }
  });
});

describe('how far a prescription goes', () => {
  const hospital = (division: string, poolingRegion = '420100') => ({
    hospital: pharmacy({ division, poolingRegion }),
  });
  const outside = ['PRESCRIPTION_OUT_OF_POOLING_REGION'];

  test('HB-3b within the province', () => {
    assert.deepEqual(problems({}, hospital('420502', '420500')), []);
    assert.deepEqual(problems({}, hospital('220102', '220100')), outside);
    assert.deepEqual(problems({}, { hospital: undefined }), outside);
  });

  test('HB-3b within the prefecture, or the pooling region', () => {
    assert.deepEqual(problems({}, hospital('420111'), { rxPoolingScope: 'PREFECTURE' }), []);
    assert.deepEqual(problems({}, hospital('420502'), { rxPoolingScope: 'PREFECTURE' }), outside);
    assert.deepEqual(problems({}, hospital('420502'), { rxPoolingScope: 'POOLING_REGION' }), []);
    assert.deepEqual(problems({}, hospital('420106', '420500'), { rxPoolingScope: 'POOLING_REGION' }), outside);
  });
});

describe('what a pharmacy must be able to do', () => {
  const drug = (change: Partial<Drug>) => ({
    drugs: [{ drugCode: 'D', coldChain: false, injectable: false, ...change } as Drug],
  });

  test('JL-4-1b treats the disease, where the region wants a list and the pharmacy has one', () => {
    const required = { diseaseListRequired: true };
    assert.deepEqual(problems({ diseases: ['C34'] }, {}, required), []);
    assert.deepEqual(problems({ diseases: ['L40'] }, {}, required), ['DISEASE_NOT_IN_INSTITUTION_SCOPE']);
    assert.deepEqual(problems({ diseases: ['L40'] }), []);
  });

  test('HB-19-6b keeps the cold chain, for the drugs that the region names', () => {
    const warm = { coldChain: false };
    const refused = ['COLD_CHAIN_NOT_QUALIFIED'];
    assert.deepEqual(problems(warm, drug({}), { coldChainRequired: 'ALL' }), refused);
    assert.deepEqual(problems({}, drug({}), { coldChainRequired: 'ALL' }), []);
    assert.deepEqual(problems(warm, drug({ injectable: true }), { coldChainRequired: 'SPECIAL_STORAGE' }), []);
    assert.deepEqual(problems(warm, drug({ coldChain: true }), { coldChainRequired: 'SPECIAL_STORAGE' }), refused);
    assert.deepEqual(problems(warm, drug({ injectable: true }), { coldChainRequired: 'INJECTABLE_SERVICE' }), refused);
    assert.deepEqual(problems(warm, drug({ coldChain: true }), { coldChainRequired: 'NONE' }), []);
  });

  test('HB-6b a pharmacy outside the scheme is not asked what it could do', () => {
    const facts = drug({ coldChain: true });
    assert.deepEqual(problems({ designations: [], coldChain: false }, facts, { coldChainRequired: 'ALL' }), [
      'PHARMACY_NOT_DUAL_CHANNEL',
    ]);
  });
});

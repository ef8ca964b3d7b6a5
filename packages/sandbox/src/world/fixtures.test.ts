import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixtureOf } from './fixture.ts';
import { makeWorld } from './world.ts';

const world = makeWorld('1');
const hospital = (fixture: string) => fixtureOf(world.hospitals, fixture);
const pharmacy = (fixture: string) => fixtureOf(world.pharmacies, fixture);
const doctor = (fixture: string) => fixtureOf(world.doctors, fixture);
const person = (fixture: string) => fixtureOf(world.persons, fixture);
const drug = (fixture: string) => fixtureOf(world.drugs, fixture);
const roles = ({ record }: ReturnType<typeof hospital>) =>
  record.designations.filter(({ status }) => status === 'ACTIVE').map(({ role }) => role);

describe('fixtures of requirements 10.1 in Hubei and Jilin', () => {
  test('hospitals: place, level and designation', () => {
    assert.deepEqual(
      ['H1', 'H2', 'H3', 'H5', 'H6'].map((name) => [
        hospital(name).region,
        hospital(name).record.level,
        roles(hospital(name)),
      ]),
      [
        ['420100', 3, ['DUAL']],
        ['420500', 3, ['DUAL']],
        ['420100', 3, []],
        ['220100', 3, ['CERTIFYING', 'TREATING']],
        ['220200', 2, ['TREATING']],
      ],
    );
  });

  test('pharmacies: place, designation, cold chain', () => {
    assert.deepEqual(
      ['P1', 'P2', 'P3', 'P6', 'P9'].map((name) => [pharmacy(name).region, roles(pharmacy(name))]),
      [
        ['420100', ['DUAL']],
        ['420100', []],
        ['420500', ['DUAL']],
        ['220100', ['TREATING']],
        ['420100', ['DUAL']],
      ],
    );
    assert.ok(pharmacy('P1').record.coldChain && pharmacy('P9').record.coldChain);
  });

  test('doctors: title, hospital and filings', () => {
    const facts = (name: string) => {
      const { record } = doctor(name);
      const at = world.hospitals.find((each) => each.record.institutionId === record.institutionId)?.fixture;
      return [at, record.title, record.filings.map(({ scheme, status }) => `${scheme} ${status}`)];
    };
    assert.deepEqual(['DR1', 'DR12', 'DR2', 'DR3', 'DR5', 'DR6', 'DR7', 'DR10'].map(facts), [
      ['H1', 'CHIEF', ['RESPONSIBLE FILED']],
      ['H1', 'CHIEF', ['RESPONSIBLE FILED']],
      ['H1', 'ATTENDING', []],
      ['H3', 'ATTENDING', []],
      ['H5', 'ASSOCIATE_CHIEF', ['CERTIFYING FILED', 'TREATING FILED']],
      ['H5', 'ASSOCIATE_CHIEF', ['TREATING FILED']],
      ['H6', 'ATTENDING', ['TREATING FILED']],
      ['H5', 'ATTENDING', []],
    ]);
    assert.equal(doctor('DR2').record.insuredPhysician.length, 1);
  });

  test('people: insurance and effective filings', () => {
    const facts = (name: string) => {
      const { record, region, insuranceType } = person(name);
      return [region, insuranceType, record.filings.map(({ drugCode, status }) => `${drugCode} ${status}`)];
    };
    const [d1, d7] = [drug('D1').record.drugCode, drug('D7').record.drugCode];
    assert.deepEqual(['PT1', 'PT2', 'PT4', 'PT6'].map(facts), [
      ['420100', '310', [`${d1} EFFECTIVE`]],
      ['420500', '390', [`${d1} EFFECTIVE`]],
      ['220100', '310', [`${d7} EFFECTIVE`]],
      ['220200', '310', [`${d7} EFFECTIVE`]],
    ]);
    assert.deepEqual(facts('AG1'), ['420100', '310', []]);
  });

  test('drugs: class, standard, pack and trace prefix', () => {
    const facts = (name: string) => {
      const { classes, standard, tracePrefix, record } = drug(name);
      return [classes, standard, record.unitsPerPack, tracePrefix, record.injectable && record.coldChain];
    };
    assert.deepEqual(['D1', 'D2', 'D3', 'D7'].map(facts), [
      [{ 420000: 'SEPARATE_PAY' }, '5580.00', 30, '8100001', false],
      [{ 420000: 'SEPARATE_PAY' }, '1080.00', 1, '8100002', true],
      [{ 420000: 'DUAL_CHANNEL' }, '58.80', 28, '8100003', false],
      [{ 220000: 'DUAL_CHANNEL' }, '1500.00', 30, '8100007', false],
    ]);
  });

  test('plans: first self-payment and ratio', () => {
    const facts = (planId: string) => {
      const version = world.plans.find((plan) => plan.planId === planId)?.versions[0];
      return [version?.firstSelfBp, version?.basicBp, version?.deductibleFen];
    };
    assert.deepEqual(['HB-WH-EMP', 'HB-WH-EMP-OPT', 'HB-YC-RES', 'JL-CC-EMP', 'JL-JL-EMP'].map(facts), [
      [1_000, 8_000, 0],
      [1_000, 5_000, 0],
      [1_000, 6_000, 0],
      [1_500, 7_500, 0],
      [1_500, 7_000, 0],
    ]);
  });

  test('stock: P1 holds the first packages of D1 and D3', () => {
    const held = world.notes
      .filter(({ holderId }) => holderId === pharmacy('P1').record.institutionId)
      .flatMap(({ traceCodes }) => traceCodes);
    for (const code of ['81000010000000000001', '81000010000000000002', '81000030000000000001']) {
      assert.ok(held.includes(code), code);
    }
  });

  test('every state that a rule looks at is somebody’s', () => {
    const designations = [...world.hospitals, ...world.pharmacies].flatMap(({ record }) => record.designations);
    assert.ok(designations.some(({ status }) => status === 'SUSPENDED'));
    assert.ok(designations.some(({ period }) => period.to !== undefined));
    const filings = world.doctors.flatMap(({ record }) => record.filings);
    for (const status of ['FILED', 'SUSPENDED', 'REVOKED']) assert.ok(filings.some((each) => each.status === status));
    assert.ok(world.doctors.some(({ record }) => record.insuredPhysician.length === 0));
    for (const province of ['420000', '220000']) {
      const people = world.persons.filter((each) => each.province === province);
      for (const trait of ['GOOD', 'INACTIVE', 'FILING_IN_PROGRESS', 'FILING_LAPSED', 'NO_FILING']) {
        assert.ok(
          people.some((each) => each.trait === trait),
          `${province} ${trait}`,
        );
      }
    }
    assert.ok(world.drugs.some(({ delisted }) => delisted));
    assert.ok(world.drugs.some(({ record }) => record.entries.length === 0));
    assert.ok(
      world.persons.some(({ record }) => record.insurances.some(({ remoteFilings }) => remoteFilings.length > 0)),
    );
  });
});

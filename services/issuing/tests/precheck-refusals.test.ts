// What a hospital's pre-check can be refused for, one reason at a time, through the service's own contract.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { outgoing } from '@erx/messaging';
import type { Drug, Institution, Practitioner } from '@erx/proto/registry/v1/registry_events';
import type { Filing } from '@erx/proto/registry/v1/registry_service';
import { eventually } from '@erx/testkit';
import * as fixture from '../src/domain/precheck.fixture.ts';
import { asHospital, prescribed } from './hospital.ts';
import { shown, startTestIssuing } from './support.ts';

const { D1, D3, D7, DR1, DR2, DR5, DR6, H1, H5, day, filed, filing, heart, insurance, line, liver, lung } = fixture;

const SUSPENDED = { ...DR1, practitionerId: 'D420106000021', filings: [filed('RESPONSIBLE', 'SUSPENDED')] };
const NOT_INSURED = { ...DR2, practitionerId: 'D420106000022', insuredPhysician: [] };
const EXITED = fixture.hospital('H42010600021', {
  designations: [{ role: 'DUAL', status: 'EXITED_VOLUNTARY', period: fixture.open }],
});
const AT_EXITED = { ...DR1, practitionerId: 'D420106000023', institutionId: EXITED.institutionId };
const over = { from: day('2024-01-01'), to: day('2025-06-01') };
const ENDED = fixture.drug('XL01EBA339A001010109991', {
  entries: [{ ...fixture.listed('420000', 'SEPARATE_PAY'), listed: over }],
});
/** In Jilin's list, for any diagnosis. */
const ANY_USE = fixture.drug('XL01EXL195E001010109992', { entries: [fixture.listed('220000', 'DUAL_CHANNEL')] });

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());

test.before(async () => {
  const context = undefined;
  const address = (key: string) => ({ source: 'registry', key, at: new Date(0) });
  const tell = {
    institution: (institution: Institution) =>
      outgoing(
        'erx.registry.v1.InstitutionPublished',
        { context, institution, revision: 1n },
        address(institution.institutionId),
      ),
    practitioner: (practitioner: Practitioner) =>
      outgoing(
        'erx.registry.v1.PractitionerPublished',
        { context, practitioner, revision: 1n },
        address(practitioner.practitionerId),
      ),
    drug: (drug: Drug) =>
      outgoing('erx.registry.v1.DrugPublished', { context, drug, revision: 1n }, address(drug.drugCode)),
  };
  await issuing.publish(
    ...[H5, EXITED].map(tell.institution),
    ...[DR5, DR6, SUSPENDED, NOT_INSURED, AT_EXITED].map(tell.practitioner),
    ...[ENDED, ANY_USE].map(tell.drug),
  );
});

type Asked = Parameters<typeof prescribed>[1] & { filings?: Filing[]; region?: string; hospitalId?: string };

async function answerTo({ filings = [filing(D1)], region = '420100', hospitalId, ...change }: Asked) {
  const personId = randomUUID();
  issuing.registry.entitlements.set(personId, { insurances: [insurance({ poolingRegion: region })], filings });
  const hospital = hospitalId ?? H1.institutionId;
  return shown(
    await issuing.gateway.precheck(prescribed(personId, change), asHospital(undefined, undefined, hospital)),
  );
}

const d3 = { category: '11', lines: [line(D3)], diagnoses: [heart] };
const jilin = {
  region: '220100',
  hospitalId: H5.institutionId,
  doctorId: DR6.practitionerId,
  category: '11',
  outflowReason: 'NOT_STOCKED',
  lines: [line(D7)],
  diagnoses: [liver],
  filings: [filing(D7, { region: '220100' })],
};
const benefit = { from: day('2024-01-01'), to: day('2026-01-01') };

const refusals: [requirement: string, code: string, field: string, asked: Asked][] = [
  ['CX-20d', 'DOCTOR_SUSPENDED', '/doctorId', { doctorId: SUSPENDED.practitionerId }],
  ['HB-14', 'DOCTOR_NOT_INSURED_PHYSICIAN', '/doctorId', { ...d3, doctorId: NOT_INSURED.practitionerId }],
  ['JL-2-1c', 'DOCTOR_ROLE_NOT_TREATING', '/doctorId', { ...jilin, doctorId: DR5.practitionerId }],
  ['GJ-2e', 'INSTITUTION_EXITED', '', { hospitalId: EXITED.institutionId, doctorId: AT_EXITED.practitionerId }],
  [
    'JL-4-1b',
    'DISEASE_NOT_IN_INSTITUTION_SCOPE',
    '/lines/0',
    { ...jilin, lines: [line(ANY_USE)], diagnoses: [heart], filings: [filing(ANY_USE, { region: '220100' })] },
  ],
  ['CX-4c', 'DRUG_LIST_EXPIRED', '/lines/0/drugCode', { lines: [line(ENDED)], filings: [filing(ENDED)] }],
  ['CX-21c', 'DIAGNOSIS_MISSING', '/diagnoses', { ...d3, diagnoses: [] }],
  ['HB-38a', 'MIXED_BENEFIT_PRESCRIPTION', '/lines', { lines: [line(D1), line(D3)], diagnoses: [lung, heart] }],
  ['HB-38b', 'MED_CATEGORY_MISMATCH', '/category', { ...d3, category: '110202' }],
  ['CX-21f', 'OUTFLOW_REASON_MISSING', '/outflowReason', { outflowReason: '' }],
  ['JL-3-2a', 'GENERIC_FORM_MISMATCH', '/lines/0', { filings: [filing(D1, { dosageForm: '颗粒剂' })] }],
  ['HB-7a', 'QUALIFICATION_MISSING', '/lines/0', { filings: [] }],
  ['HB-8b', 'QUALIFICATION_DRUG_MISMATCH', '/lines/0', { filings: [filing(D7)] }],
  ['HB-9h', 'QUALIFICATION_LAPSED', '/lines/0', { filings: [filing(D1, { status: 'LAPSED', benefit })] }],
  ['HB-9g', 'QUALIFICATION_TERMINATED', '/lines/0', { filings: [filing(D1, { status: 'TERMINATED', benefit })] }],
  ['JL-1-1c', 'QUALIFICATION_EXPIRED', '/lines/0', { filings: [filing(D1, { benefit: over })] }],
  ['HB-12a', 'QUALIFICATION_REVOKED', '/lines/0', { filings: [filing(D1, { status: 'REVOKED', benefit })] }],
];

for (const [requirement, code, field, asked] of refusals) {
  test(`${requirement} the pre-check refuses ${code}, and for no other reason`, async () => {
    const expected = [[code, field].filter(Boolean).join(' ')];
    // What was published a moment ago reaches the read copy by Kafka.
    await eventually(async () => {
      assert.deepEqual(await answerTo(asked), expected);
      return true;
    });
  });
}

test('CX-21d what these prescriptions are made from is accepted as it is', async () => {
  for (const asked of [{}, d3, jilin]) assert.deepEqual(await answerTo(asked), []);
});

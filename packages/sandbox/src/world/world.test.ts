import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  citizenIdProblem,
  parseDrugCode,
  parseInstitutionCode,
  parsePractitionerCode,
  parseTraceCode,
} from '@erx/values';
import { soldAtCounter } from './drugs.ts';
import { RARE } from './names.ts';
import { regions } from './regions.ts';
import { hashOfWorld, makeWorld } from './world.ts';

const world = makeWorld('1');
const institutions = [...world.hospitals, ...world.pharmacies];
const staff = [...world.doctors, ...world.hospitalPharmacists, ...world.pharmacists];
const unique = (list: readonly string[]) => assert.equal(new Set(list).size, list.length);

describe('the world', () => {
  test('is the same for the same seed, to the byte, and another for another', () => {
    assert.equal(hashOfWorld(makeWorld('1')), hashOfWorld(world));
    assert.notEqual(hashOfWorld(makeWorld('2')), hashOfWorld(world));
  });

  test('has as many of everybody as the demo needs', () => {
    assert.deepEqual(
      [
        world.hospitals,
        world.doctors,
        world.hospitalPharmacists,
        world.pharmacies,
        world.pharmacists,
        world.persons,
      ].map(({ length }) => length),
      [12, 60, 24, 30, 90, 500],
    );
    assert.ok(world.drugs.length >= 40);
  });

  test('has well-formed codes, all different', () => {
    for (const { record } of institutions) assert.equal(parseInstitutionCode(record.institutionId)?.kind, record.kind);
    for (const { record } of staff) assert.ok(parsePractitionerCode(record.practitionerId), record.practitionerId);
    for (const { record } of world.drugs) assert.ok(parseDrugCode(record.drugCode), record.drugCode);
    unique(institutions.map(({ record }) => record.institutionId));
    unique(staff.map(({ record }) => record.practitionerId));
    unique(world.drugs.map(({ record }) => record.drugCode));
    unique(world.drugs.map(({ tracePrefix }) => tracePrefix));
    unique(
      world.plans.map(({ poolingRegion, insuranceType, category }) => `${poolingRegion}/${insuranceType}/${category}`),
    );
    unique(world.persons.flatMap(({ record }) => record.filings.map(({ filingId }) => filingId)));
    unique([
      ...staff.flatMap(({ signer, former }) => [signer.publicKey, former.publicKey]),
      world.identityAuthority.signer.publicKey,
    ]);
    unique(world.clients.map(({ key }) => key.kid));
  });

  test('has packages of the right product, each once, within the limits of a note', () => {
    const prefixes = new Map(world.drugs.map(({ record, tracePrefix }) => [record.drugCode, tracePrefix]));
    for (const note of world.notes) {
      assert.ok(note.traceCodes.length <= 2_000);
      for (const code of note.traceCodes) {
        assert.deepEqual(parseTraceCode(code), { scheme: 'ECODE20', prefix: prefixes.get(note.drugCode) });
      }
    }
    unique(world.notes.flatMap(({ traceCodes }) => traceCodes));
    unique(world.notes.map(({ noteId }) => noteId));
  });

  test('has a plan for whatever insured people can buy', () => {
    for (const { code, province } of regions) {
      for (const insuranceType of ['310', '390']) {
        for (const category of province === '420000' ? ['110202', '11'] : ['11']) {
          const plan = world.plans.find(
            (each) => each.poolingRegion === code && each.insuranceType === insuranceType && each.category === category,
          );
          assert.ok(plan, `${code} ${insuranceType} ${category}`);
        }
      }
    }
  });

  test('sells no drug at the counter that needs a cold chain or an injection', () => {
    for (const drug of world.drugs) {
      if (drug.record.injectable || drug.record.coldChain) assert.equal(soldAtCounter(drug, '420000'), false);
    }
  });
});

describe('people of the world', () => {
  const everythingElse = JSON.stringify({
    ...world,
    persons: world.persons.map(({ record: { filings, insurances }, filed }) => ({ filings, insurances, filed })),
  });

  test('have identity numbers that are well formed and nobody’s', () => {
    for (const { record } of world.persons) {
      assert.equal(citizenIdProblem(record.certNo), undefined);
      assert.ok(record.certNo.startsWith('99'), 'no division begins with 99');
    }
  });

  test('have names, numbers and phones that are theirs alone', () => {
    unique(world.persons.map(({ record }) => record.name));
    unique(world.persons.map(({ record }) => record.certNo));
    unique(world.persons.map(({ record }) => record.phone));
  });

  test('have given names of characters that no other text of the world contains', () => {
    for (const character of RARE) assert.ok(!everythingElse.includes(character), character);
    for (const { record } of world.persons) {
      assert.ok([...record.name.slice(1)].every((character) => RARE.includes(character)));
    }
    // One look for all of them: the text is long.
    const numbers = world.persons.flatMap(({ record: { certNo, phone } }) => [certNo, phone]);
    assert.doesNotMatch(everythingElse, new RegExp(numbers.join('|')));
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seeded } from '../world/random.ts';
import { makeWorld } from '../world/world.ts';
import { Allotment, type Shelf } from './allotment.ts';
import { Director } from './director.ts';
import { lastAct, programme, special } from './kinds.ts';
import { cast } from './run.ts';
import type { Visit } from './visit.ts';

const world = makeWorld('1');
const kindsOf = (count: number, seed: string) => programme(count, seeded(seed)).map(({ name }) => name);

function castAll(count: number, seed: string, shelf: Shelf = {}) {
  const allotment = new Allotment(world.pharmacies, shelf);
  const visits: Visit[] = [];
  /** Visits of people who were looked for because they live elsewhere (JL-3-2c). */
  const abroad = new Set<Visit>();
  class Watching extends Director {
    override visit(wishes?: Parameters<Director['visit']>[0]): Visit {
      const visit = super.visit(wishes);
      visits.push(visit);
      if (wishes?.who !== undefined) abroad.add(visit);
      return visit;
    }
  }
  const plays = cast(programme(count, seeded(seed)), new Watching(world, allotment, seed));
  return { plays, visits, abroad, allotment };
}

describe('the programme', () => {
  test('has every kind in the demo, mostly the plain one, in an order that the seed decides', () => {
    const kinds = kindsOf(300, 'a');
    assert.equal(kinds.length, 300);
    assert.equal(new Set(kinds).size, special.length + 1);
    assert.ok(kinds.filter((kind) => kind === 'plain').length >= 150);
    assert.deepEqual(kindsOf(300, 'a'), kinds);
    assert.deepEqual(kindsOf(300, 'b').toSorted(), kinds.toSorted());
    assert.notDeepEqual(kindsOf(300, 'b'), kinds);
  });

  test('is mostly plain in a short run too', () => {
    assert.equal(kindsOf(10, 'a').filter((kind) => kind === 'plain').length, 5);
    assert.deepEqual(kindsOf(1, 'a'), ['plain']);
  });

  test('every kind has a name of its own', () => {
    const names = [...special, ...lastAct].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe('casting', () => {
  const { plays, visits, abroad, allotment } = castAll(300, 'a');

  test('the same seed casts the same plays', () => {
    const again = castAll(300, 'a');
    assert.deepEqual(again.visits, visits);
    assert.deepEqual(again.allotment.shelf, allotment.shelf);
    assert.deepEqual(
      again.plays.map(({ performance }) => performance.expected),
      plays.map(({ performance }) => performance.expected),
    );
  });

  test('gives no package to two lines', () => {
    const codes = visits.flatMap(({ lines }) => lines.flatMap((line) => line.codes));
    assert.equal(new Set(codes).size, codes.length);
    for (const { lines } of visits) for (const line of lines) assert.equal(line.codes.length, line.packs);
  });

  test('keeps to the rules: doctor, hospital, region, filing, days, one benefit', () => {
    for (const visit of visits) {
      const { person, doctor, hospital, lines, category, counter, diagnoses } = visit;
      const classes = new Set(lines.map(({ drug }) => drug.classes[person.province]));
      assert.equal(classes.size, 1);
      assert.equal(category === '110202', classes.has('SEPARATE_PAY'));
      assert.ok(counter.pharmacy.admitted);
      assert.equal(hospital.province, person.province);
      assert.equal(counter.pharmacy.province, person.province);
      if (person.province === '220000' && !abroad.has(visit)) assert.equal(counter.pharmacy.region, person.region);
      assert.equal(doctor.record.institutionId, hospital.record.institutionId);
      if (category === '110202' || person.province === '220000') assert.ok(doctor.filed && hospital.admitted);
      for (const { drug, days, packs } of lines) {
        assert.ok(days <= 30 && packs >= 1);
        assert.ok(drug.diagnoses.some((code) => diagnoses.some((diagnosis) => diagnosis.code === code)));
        if (category === '110202' || person.province === '220000') assert.ok(person.filed.includes(drug));
      }
    }
  });

  test('a second run takes other packages, and orders what the shelves do not have', () => {
    const second = castAll(3_000, 'a', allotment.shelf);
    const first = new Set(visits.flatMap(({ lines }) => lines.flatMap(({ codes }) => codes)));
    const taken = second.visits.flatMap(({ lines }) => lines.flatMap(({ codes }) => codes));
    assert.ok(taken.every((code) => !first.has(code)));
    const stocked = new Set(world.notes.flatMap(({ traceCodes }) => traceCodes));
    const ordered = second.allotment.orders().flatMap(({ traceCodes }) => traceCodes);
    assert.ok(ordered.length > 0 && ordered.every((code) => !stocked.has(code)));
    const there = new Set([...stocked, ...ordered]);
    assert.ok(taken.every((code) => there.has(code)));
  });
});

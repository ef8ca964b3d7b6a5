import { categoryOf, diagnosisOf, fixtureOf, traceCode, type Visit, type World } from '@erx/sandbox';

export type Cast = { person: string; doctor: string; drug: string; pharmacy: string; serials: readonly number[] };

let visits = 0;

/** One pack for each serial, prescribed and filled by the fixtures of requirements 10.1, at the payment standard. */
export function fixtureVisit(world: World, { person, doctor, drug, pharmacy, serials }: Cast): Visit {
  const prescriber = fixtureOf(world.doctors, doctor);
  const hospital = at(world.hospitals, prescriber.record.institutionId);
  const counter = fixtureOf(world.pharmacies, pharmacy);
  const product = fixtureOf(world.drugs, drug);
  const drugClass = product.classes[hospital.province];
  if (drugClass === undefined) throw new RangeError(`${drug} is in no list there`);
  visits += 1;
  return {
    person: fixtureOf(world.persons, person),
    hospital,
    doctor: prescriber,
    hospitalPharmacist: at(world.hospitalPharmacists, hospital.record.institutionId),
    category: categoryOf(drugClass),
    diagnoses: product.diagnoses.slice(0, 1).map(diagnosisOf),
    lines: [
      {
        drug: product,
        packs: serials.length,
        days: (serials.length * product.record.unitsPerPack) / product.unitsPerDay,
        unitPrice: product.standard,
        codes: serials.map((serial) => packageOf(world, drug, pharmacy, serial)),
      },
    ],
    consent: 'STATEMENT',
    counter: { pharmacy: counter, pharmacist: at(world.pharmacists, counter.record.institutionId) },
    number: visits,
  };
}

/** The trace code of a package: which drug, whose stock, counted from 1. */
export function packageOf(world: World, drug: string, pharmacy: string, serial: number): string {
  const index = world.pharmacies.indexOf(fixtureOf(world.pharmacies, pharmacy));
  return traceCode(fixtureOf(world.drugs, drug), index, serial);
}

function at<T extends { record: { institutionId: string } }>(list: readonly T[], institutionId: string): T {
  const found = list.find(({ record }) => record.institutionId === institutionId);
  if (found === undefined) throw new RangeError(`nobody at ${institutionId}`);
  return found;
}

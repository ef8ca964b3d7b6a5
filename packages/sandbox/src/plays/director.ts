import { formatDecimal, MONEY_SCALE, parseDecimal } from '@erx/values';
import { type Diagnosis, diagnosisOf } from '../world/diagnoses.ts';
import { type Drug, type DrugClass, soldAtCounter } from '../world/drugs.ts';
import type { Institution } from '../world/institutions.ts';
import { HUBEI, type Province } from '../world/periods.ts';
import type { Person, Trait } from '../world/persons.ts';
import { categoryOf } from '../world/plans.ts';
import { type Practitioner, REVOCABLE } from '../world/practitioners.ts';
import { type Random, seeded } from '../world/random.ts';
import { assortment } from '../world/stock.ts';
import type { World } from '../world/world.ts';
import type { Allotment } from './allotment.ts';
import type { Counter, Visit, VisitLine } from './visit.ts';

export type Wishes = {
  province?: Province;
  drugClass?: DrugClass;
  negotiated?: boolean;
  trait?: Trait;
  /** At least so many packs of the first line. */
  packs?: number;
  /** Exactly one line. */
  single?: boolean;
  /** Fill it at this counter. */
  counter?: Counter;
  /** The first line is this drug. */
  drug?: Drug;
  /** Anybody but this person. */
  but?: Person;
  /** Exactly this person. */
  person?: Person;
  /** Only somebody of whom this holds. */
  who?: (person: Person) => boolean;
  /** Prescribed at this hospital. */
  hospital?: Institution;
  /** Two lines of two products. */
  double?: boolean;
};

/** Days of supply that one prescription may give (CX-27b, default of `normalRxMaxDays`). */
const MAX_DAYS = 30;
const MOST_ASKED = 1_000;

/** Casts plays: picks by the seed who prescribes what to whom and where it is filled, within every rule. */
export class Director {
  readonly world: World;
  readonly random: Random;
  readonly allotment: Allotment;
  /** Good ones in turn, so that neighbours in time are different people. */
  readonly #queues = new Map<string, Person[]>();
  #visits = 0;

  constructor(world: World, allotment: Allotment, seed: string) {
    this.world = world;
    this.allotment = allotment;
    this.random = seeded(seed);
  }

  visit(wishes: Wishes = {}): Visit {
    const province =
      wishes.person?.province ?? wishes.counter?.pharmacy.province ?? wishes.province ?? this.#province();
    const { trait = 'GOOD' } = wishes;
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      const person = wishes.person ?? this.person(province, trait);
      if (person === wishes.but || !this.#suits(person, wishes)) continue;
      const counter = wishes.counter ?? this.counter(province, person.region);
      const drug = this.#drug(person, counter, wishes);
      const hospital = drug && this.#hospital(person, counter, drug, wishes.hospital);
      // Not everybody can get what is wished at every counter: the next in the queue may.
      if (drug === undefined || hospital === undefined) continue;
      const second = this.#second(person, counter, drug, hospital, wishes);
      if (wishes.double && second === undefined) continue;
      return this.#complete(person, hospital, counter, drug, second, wishes);
    }
    throw new RangeError(`nobody in ${province} can have ${JSON.stringify(wishes)}`);
  }

  person(province: Province, trait: Trait): Person {
    const key = `${province}/${trait}`;
    let queue = this.#queues.get(key) ?? [];
    if (queue.length === 0) {
      queue = this.random.shuffle(
        this.world.persons.filter((each) => each.province === province && each.trait === trait),
      );
      this.#queues.set(key, queue);
    }
    const person = queue.shift();
    if (person === undefined) throw new RangeError(`nobody in ${province} is ${trait}`);
    return person;
  }

  /** An admitted pharmacy where a person of that region may fill a prescription. */
  counter(province: Province, region: string, but?: Institution): Counter {
    return this.at(
      this.random.pick(
        this.world.pharmacies.filter((each) => each.admitted && each !== but && mayFill({ province, region }, each)),
      ),
    );
  }

  at(pharmacy: Institution): Counter {
    return { pharmacy, pharmacist: this.random.pick(this.#staff(this.world.pharmacists, pharmacy)) };
  }

  /** Another admitted pharmacy that may fill the same prescription. */
  otherCounter({ counter: { pharmacy } }: Visit): Counter {
    return this.counter(pharmacy.province, pharmacy.region, pharmacy);
  }

  /** The same prescription, filled at another counter with that counter's packages. */
  elsewhere(visit: Visit, counter: Counter): Visit {
    const lines = visit.lines.map((line) => ({
      ...line,
      codes: this.allotment.take(counter.pharmacy, line.drug, line.packs),
    }));
    return { ...visit, counter, lines };
  }

  doctor(hospital: Institution, filed: boolean): Practitioner {
    const staff = this.#staff(this.world.doctors, hospital).filter(
      ({ record, fixture }) => record.insuredPhysician.length > 0 && fixture !== REVOCABLE,
    );
    return this.random.pick(staff.filter((each) => (filed ? each.filed : each.record.filings.length === 0)));
  }

  stocks(pharmacy: Institution): Drug[] {
    const stocked = assortment(pharmacy, this.world.pharmacies.indexOf(pharmacy));
    return stocked.filter((drug) => soldAtCounter(drug, pharmacy.province));
  }

  line(counter: Counter, drug: Drug, packs: number): VisitLine {
    return {
      drug,
      packs,
      days: packs * daysPerPack(drug),
      unitPrice: this.#price(drug),
      codes: this.allotment.take(counter.pharmacy, drug, packs),
    };
  }

  /** In Jilin a counter of another city asks for a filing (JL-3-2c): only who is looked for by that goes there. */
  #suits(person: Person, { who, counter }: Wishes): boolean {
    if (who !== undefined) return who(person);
    return counter === undefined || mayFill(person, counter.pharmacy);
  }

  #complete(
    person: Person,
    hospital: Institution,
    counter: Counter,
    drug: Drug,
    second: Drug | undefined,
    wishes: Wishes,
  ): Visit {
    const most = Math.max(1, Math.floor(MAX_DAYS / daysPerPack(drug)));
    const packs = wishes.packs ?? 1 + this.random.below(Math.min(most, 2));
    const lines = [this.line(counter, drug, packs)];
    const diagnosis = diagnosisOf(this.random.pick(drug.diagnoses.filter((code) => treats(hospital, code))));
    const diagnoses: Diagnosis[] = [diagnosis];
    if (second !== undefined) {
      lines.push(this.line(counter, second, 1));
      const code = second.diagnoses.find((each) => treats(hospital, each)) ?? '';
      if (!second.diagnoses.includes(diagnosis.code)) diagnoses.push(diagnosisOf(code));
    }
    const drugClass = drug.classes[person.province] ?? 'DUAL_CHANNEL';
    this.#visits += 1;
    return {
      person,
      hospital,
      doctor: this.doctor(hospital, hospital.admitted),
      hospitalPharmacist: this.random.pick(this.#staff(this.world.hospitalPharmacists, hospital)),
      category: categoryOf(drugClass),
      diagnoses,
      lines,
      consent: this.random.below(2) === 0 ? 'STATEMENT' : 'IMAGE',
      counter,
      number: this.#visits,
    };
  }

  #province(): Province {
    return this.random.below(10) < 6 ? HUBEI : '220000';
  }

  /** Of what the counter has: what this person may get, by filing where one is needed. */
  #drug(
    person: Person,
    counter: Counter,
    { drug: wanted, drugClass, negotiated, packs = 1 }: Wishes,
  ): Drug | undefined {
    const { province } = person;
    const fitting = this.stocks(counter.pharmacy).filter(
      (drug) =>
        (person.filed.includes(drug) || !needsFiling(drug, province)) &&
        (wanted === undefined || drug === wanted) &&
        (drugClass === undefined || drug.classes[province] === drugClass) &&
        (negotiated === undefined || drug.record.negotiated === negotiated) &&
        packs * daysPerPack(drug) <= MAX_DAYS,
    );
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  /** One prescription in five has two lines, of one benefit (HB-38a), unless something else is wished. */
  #second(person: Person, counter: Counter, first: Drug, hospital: Institution, wishes: Wishes): Drug | undefined {
    if (wishes.single || (!wishes.double && this.random.below(5) !== 0)) return undefined;
    const { province } = person;
    const others = this.stocks(counter.pharmacy).filter(
      (drug) =>
        drug !== first &&
        drug.classes[province] === first.classes[province] &&
        (person.filed.includes(drug) || !needsFiling(drug, province)) &&
        drug.diagnoses.some((code) => treats(hospital, code)),
    );
    return others.length === 0 ? undefined : this.random.pick(others);
  }

  #hospital(
    person: Person,
    { pharmacy }: Counter,
    drug: Drug,
    wanted: Institution | undefined,
  ): Institution | undefined {
    const { province } = person;
    const fitting = this.world.hospitals.filter(
      (each) =>
        each.province === province &&
        (wanted === undefined || each === wanted) &&
        (province === HUBEI || each.region === pharmacy.region) &&
        (each.admitted || mayStayOutside(each, drug)) &&
        drug.diagnoses.some((code) => treats(each, code)),
    );
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  /** Mostly the standard itself, else a little below it. */
  #price(drug: Drug): string {
    const fen = parseDecimal(drug.standard, MONEY_SCALE) ?? 0n;
    const off = this.random.below(3) > 0 ? 0n : (fen * BigInt(this.random.below(80))) / 1_000n;
    return formatDecimal(fen - off, MONEY_SCALE, MONEY_SCALE);
  }

  #staff(staff: readonly Practitioner[], institution: Institution): Practitioner[] {
    return staff.filter(
      ({ record, licensed }) => licensed && record.institutionId === institution.record.institutionId,
    );
  }
}

/** Anywhere in Hubei (HB-3b), in the person's own region in Jilin (JL-3-2c: elsewhere by filing only). */
function mayFill({ province, region }: { province: Province; region: string }, pharmacy: Institution): boolean {
  return pharmacy.province === province && (province === HUBEI || pharmacy.region === region);
}

/** HB-7a, JL-3-1b. */
function needsFiling(drug: Drug, province: Province): boolean {
  return province !== HUBEI || drug.classes[province] === 'SEPARATE_PAY';
}

function daysPerPack({ record, unitsPerDay }: Drug): number {
  return Math.max(1, Math.floor(record.unitsPerPack / unitsPerDay));
}

/** HB-14: any insurance-designated hospital may prescribe a dual-channel drug that is not paid separately. */
function mayStayOutside({ province, record }: Institution, drug: Drug): boolean {
  return province === HUBEI && record.designations.length === 0 && drug.classes[province] === 'DUAL_CHANNEL';
}

/** JL-4-1b. */
function treats({ record: { diseases } }: Institution, diagnosisCode: string): boolean {
  return diseases.length === 0 || diseases.some((prefix) => diagnosisCode.startsWith(prefix));
}

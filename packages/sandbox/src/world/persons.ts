import { citizenIds, phoneNumbers } from './citizen-ids.ts';
import { type Drug, drugs, inScheme } from './drugs.ts';
import { fixtureOf } from './fixture.ts';
import type { Institution } from './institutions.ts';
import { personNames } from './names.ts';
import { insuredSince, type Province, schemeOver, schemeSince } from './periods.ts';
import { EMPLOYEE, RESIDENT } from './plans.ts';
import type { Random } from './random.ts';
import type { FilingRecord, PersonRecord } from './records.ts';
import { CHANGCHUN, type City, JILIN_CITY, regionOf, WUHAN, XIANGYANG, YICHANG } from './regions.ts';

/** What a person is good for in a play: GOOD ones have an effective filing, the others one special trait. */
export type Trait = 'GOOD' | 'INACTIVE' | 'FILING_IN_PROGRESS' | 'FILING_LAPSED' | 'NO_FILING';

export type Person = {
  fixture: string;
  province: Province;
  region: City;
  insuranceType: string;
  trait: Trait;
  /** Drugs of the filings. */
  filed: Drug[];
  record: PersonRecord;
};

type Sketch = { fixture: string; region: City; insuranceType: string; trait: Trait; drug?: Drug; remote?: boolean };

const COUNT = 500;
const FIXTURES: readonly Sketch[] = [
  { fixture: 'PT1', region: WUHAN, insuranceType: EMPLOYEE, trait: 'GOOD', drug: fixtureOf(drugs, 'D1') },
  { fixture: 'PT2', region: YICHANG, insuranceType: RESIDENT, trait: 'GOOD', drug: fixtureOf(drugs, 'D1') },
  { fixture: 'PT4', region: CHANGCHUN, insuranceType: EMPLOYEE, trait: 'GOOD', drug: fixtureOf(drugs, 'D7') },
  {
    fixture: 'PT6',
    region: JILIN_CITY,
    insuranceType: EMPLOYEE,
    trait: 'GOOD',
    drug: fixtureOf(drugs, 'D7'),
    remote: true,
  },
  { fixture: 'AG1', region: WUHAN, insuranceType: EMPLOYEE, trait: 'NO_FILING' },
];

// Of ten neighbours in the list six are from Hubei and four from Jilin.
const HUBEI_CITIES: readonly City[] = [WUHAN, WUHAN, WUHAN, YICHANG, YICHANG, XIANGYANG];
const CITIES: readonly City[] = [...HUBEI_CITIES, CHANGCHUN, CHANGCHUN, JILIN_CITY, JILIN_CITY];
const TRAITS: readonly Trait[] = ['INACTIVE', 'FILING_IN_PROGRESS', 'FILING_LAPSED', 'NO_FILING'];
/** Every city has this many people with each special trait, one per round of ten. */
const SPECIAL_ROUNDS = TRAITS.length * 3;

export function makePersons(random: Random, hospitals: readonly Institution[]): Person[] {
  const names = personNames(random, COUNT);
  const numbers = citizenIds(random, COUNT);
  const phones = phoneNumbers(random, COUNT);
  return Array.from({ length: COUNT }, (_, index) => {
    const sketch = FIXTURES[index] ?? ordinary(index - FIXTURES.length);
    const { province } = regionOf(sketch.region);
    const filed = sketch.drug ? [sketch.drug] : filingDrugs(random, province);
    return {
      fixture: sketch.fixture,
      province,
      region: sketch.region,
      insuranceType: sketch.insuranceType,
      trait: sketch.trait,
      filed,
      record: {
        certType: '01',
        certNo: numbers[index] ?? '',
        name: names[index] ?? '',
        phone: phones[index] ?? '',
        insurances: [
          {
            poolingRegion: sketch.region,
            insuranceType: sketch.insuranceType,
            status: sketch.trait === 'INACTIVE' ? 'SUSPENDED' : 'ACTIVE',
            period: insuredSince,
            remoteFilings: sketch.remote ? [{ region: CHANGCHUN, period: insuredSince }] : [],
          },
        ],
        filings: filed.flatMap((drug, place) => filing(sketch, province, drug, `${index + 1}-${place + 1}`, hospitals)),
      },
    };
  });
}

function ordinary(index: number): Sketch {
  const region = CITIES[index % CITIES.length] ?? WUHAN;
  const round = Math.floor(index / CITIES.length);
  const trait = round < SPECIAL_ROUNDS ? TRAITS[round % TRAITS.length] : undefined;
  return {
    fixture: '',
    region,
    insuranceType: (index + round) % 2 === 0 ? EMPLOYEE : RESIDENT,
    trait: trait ?? 'GOOD',
    remote: region === JILIN_CITY && round % 2 === 0,
  };
}

/** Three drugs that need a filing there: separately paid ones in Hubei (HB-7a), any in Jilin (JL-3-1b). */
function filingDrugs(random: Random, province: Province): Drug[] {
  const needed = drugs.filter(
    (drug) => inScheme(drug, province) && (province === '220000' || drug.classes[province] === 'SEPARATE_PAY'),
  );
  return random.shuffle(needed.filter(({ record }) => !record.injectable)).slice(0, 3);
}

function filing(
  { region, trait }: Sketch,
  province: Province,
  { record }: Drug,
  number: string,
  hospitals: readonly Institution[],
): FilingRecord[] {
  if (trait === 'NO_FILING') return [];
  const hospital = hospitals.find((each) => each.admitted && each.province === province && each.region === region);
  return [
    {
      filingId: `QF-${region}-${number}`,
      drugCode: record.drugCode,
      genericName: record.genericName,
      dosageForm: record.dosageForm,
      region: province,
      institutionId: hospital?.record.institutionId ?? '',
      ...standing(trait, province),
    },
  ];
}

function standing(trait: Trait, province: Province): Pick<FilingRecord, 'status' | 'benefit'> {
  switch (trait) {
    case 'FILING_IN_PROGRESS':
      return { status: 'SUBMITTED' };
    case 'FILING_LAPSED':
      return { status: 'LAPSED', benefit: schemeOver[province] };
    default:
      return { status: 'EFFECTIVE', benefit: schemeSince[province] };
  }
}

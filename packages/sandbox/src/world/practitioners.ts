import type { Institution } from './institutions.ts';
import { formerRecord, makeSigner, publicRecord, type Signer } from './keys.ts';
import { practitionerName } from './names.ts';
import { insuredSince, licensedSince, once, type Province, schemeOver, schemeSince } from './periods.ts';
import type { Random } from './random.ts';
import type { PractitionerRecord } from './records.ts';

export type Practitioner = {
  fixture: string;
  record: PractitionerRecord;
  signer: Signer;
  /** The key before this one, on record until it was changed. */
  former: Signer;
  /** Filed for the scheme of the province today: responsible in Hubei, treating in Jilin. */
  filed: boolean;
  /** Holds a licence today. */
  licensed: boolean;
};

type Filings = PractitionerRecord['filings'];
type Sketch = { fixture?: string; title: string; specialty: string; filings: Filings; insured?: boolean };

/** The doctor of H1 whose filing a play takes away and gives back: nobody else prescribes by that hand. */
export const REVOCABLE = 'REVOCABLE';

const PER_HOSPITAL = 5;

/** Sixty doctors, five at each hospital, in the states of SM-3. */
export function makeDoctors(random: Random, hospitals: readonly Institution[]): Practitioner[] {
  return hospitals.flatMap((hospital, place) =>
    doctorsOf(hospital).map(({ fixture = '', title, specialty, filings, insured = true }, index) =>
      build(random, hospital, place * PER_HOSPITAL + index, {
        fixture,
        kind: 'DOCTOR',
        title,
        specialty,
        insuredPhysician: insured ? [insuredSince] : [],
        filings,
      }),
    ),
  );
}

/** Two pharmacists at each institution, and one at each pharmacy whose licence ran out. */
export function makePharmacists(random: Random, institutions: readonly Institution[]): Practitioner[] {
  const pharmacist = (institution: Institution, index: number, licensed = true): Practitioner =>
    build(
      random,
      institution,
      index,
      {
        fixture: '',
        kind: institution.record.kind === 'HOSPITAL' ? 'HOSPITAL_PHARMACIST' : 'PHARMACIST',
        title: '',
        specialty: '药学',
        insuredPhysician: [],
        filings: [],
      },
      licensed,
    );
  const pharmacies = institutions.filter(({ record }) => record.kind === 'PHARMACY');
  return [
    ...institutions.flatMap((institution, place) => [0, 1].map((index) => pharmacist(institution, place * 2 + index))),
    ...pharmacies.map((pharmacy, place) => pharmacist(pharmacy, institutions.length * 2 + place, false)),
  ];
}

function doctorsOf(hospital: Institution): Sketch[] {
  const { province, fixture, admitted } = hospital;
  const filed = scheme(province, 'FILED');
  const oncology = '肿瘤科';
  switch (fixture) {
    case 'H1':
      return [
        { fixture: 'DR1', title: 'CHIEF', specialty: oncology, filings: filed },
        { fixture: 'DR12', title: 'CHIEF', specialty: oncology, filings: filed },
        { fixture: 'DR2', title: 'ATTENDING', specialty: oncology, filings: [] },
        { title: 'ASSOCIATE_CHIEF', specialty: oncology, filings: scheme(province, 'SUSPENDED') },
        { fixture: REVOCABLE, title: 'ASSOCIATE_CHIEF', specialty: oncology, filings: filed },
      ];
    case 'H3':
      return [{ fixture: 'DR3', title: 'ATTENDING', specialty: '心内科', filings: [] }, ...others(province, false)];
    case 'H5':
      return [
        {
          fixture: 'DR5',
          title: 'ASSOCIATE_CHIEF',
          specialty: oncology,
          filings: [{ scheme: 'CERTIFYING', status: 'FILED', period: schemeSince[province] }, ...filed],
        },
        { fixture: 'DR6', title: 'ASSOCIATE_CHIEF', specialty: oncology, filings: filed },
        { fixture: 'DR10', title: 'ATTENDING', specialty: oncology, filings: [] },
        { title: 'CHIEF', specialty: '肝胆内科', filings: filed },
        { title: 'ASSOCIATE_CHIEF', specialty: '肝胆内科', filings: scheme(province, 'REVOKED') },
      ];
    case 'H6':
      return [{ fixture: 'DR7', title: 'ATTENDING', specialty: '内科', filings: filed }, ...others(province, true)];
    default:
      return [{ title: 'CHIEF', specialty: '内科', filings: admitted ? filed : [] }, ...others(province, admitted)];
  }
}

/** Four further doctors: filed, filed until some day, never filed, and one who is no insured physician (医保医师). */
function others(province: Province, admitted: boolean): Sketch[] {
  const over: Filings = [{ ...firstOf(scheme(province, 'FILED')), period: schemeOver[province] }];
  return [
    { title: 'ASSOCIATE_CHIEF', specialty: '内科', filings: admitted ? scheme(province, 'FILED') : [] },
    { title: 'ASSOCIATE_CHIEF', specialty: '内科', filings: admitted ? over : [] },
    { title: 'ATTENDING', specialty: '内科', filings: [] },
    { title: 'RESIDENT', specialty: '内科', filings: [], insured: false },
  ];
}

function scheme(province: Province, status: string): Filings {
  return [{ scheme: province === '420000' ? 'RESPONSIBLE' : 'TREATING', status, period: schemeSince[province] }];
}

function firstOf(filings: Filings): Filings[number] {
  const [first] = filings;
  if (first === undefined) throw new RangeError('no filing');
  return first;
}

const LETTERS = { DOCTOR: 'D', HOSPITAL_PHARMACIST: 'HY', PHARMACIST: 'YS' } as const;
const NAME_OFFSET = { DOCTOR: 0, HOSPITAL_PHARMACIST: 200, PHARMACIST: 300 } as const;

type Details = Pick<PractitionerRecord, 'kind' | 'title' | 'specialty' | 'insuredPhysician' | 'filings'>;

function build(
  random: Random,
  { record: { institutionId, division }, province }: Institution,
  index: number,
  { fixture, ...details }: Details & { fixture: string },
  licensed = true,
): Practitioner {
  const [signer, former] = [makeSigner(random), makeSigner(random)];
  const serves = details.filings.filter(({ scheme }) => scheme !== 'CERTIFYING');
  return {
    fixture,
    signer,
    former,
    licensed,
    filed: serves.some(({ status, period }) => status === 'FILED' && period === schemeSince[province]),
    record: {
      practitionerId: `${LETTERS[details.kind]}${division}${900_001 + index}`,
      name: practitionerName(NAME_OFFSET[details.kind] + index + 1),
      institutionId,
      licensed: [licensed ? licensedSince : once],
      keys: [formerRecord(former), publicRecord(signer)],
      ...details,
    },
  };
}

import { diagnoses } from './diagnoses.ts';
import { makeSigner, publicRecord, type Signer } from './keys.ts';
import { insuredSince, type Province, schemeOver, schemeSince } from './periods.ts';
import type { Random } from './random.ts';
import type { InstitutionRecord } from './records.ts';
import { CHANGCHUN, type City, JILIN_CITY, regionOf, WUHAN, XIANGYANG, YICHANG } from './regions.ts';

export type Institution = {
  /** H1 … of requirements 10.1; empty for the others. */
  fixture: string;
  province: Province;
  region: City;
  /** Admitted to the scheme of its province today: dual-channel in Hubei, treating in Jilin. */
  admitted: boolean;
  record: InstitutionRecord;
};

type Standing = 'ADMITTED' | 'CERTIFYING' | 'DESIGNATED' | 'SUSPENDED' | 'EXPIRED';
type Sketch = readonly [fixture: string, region: City, standing: Standing, level?: number];

const HOSPITALS: readonly Sketch[] = [
  ['H1', WUHAN, 'ADMITTED', 3],
  ['H2', YICHANG, 'ADMITTED', 3],
  ['H3', WUHAN, 'DESIGNATED', 3],
  ['H5', CHANGCHUN, 'CERTIFYING', 3],
  ['H6', JILIN_CITY, 'ADMITTED', 2],
  ['', WUHAN, 'ADMITTED', 3],
  ['', XIANGYANG, 'ADMITTED', 3],
  ['', YICHANG, 'DESIGNATED', 2],
  ['', XIANGYANG, 'SUSPENDED', 2],
  ['', CHANGCHUN, 'ADMITTED', 3],
  ['', JILIN_CITY, 'CERTIFYING', 3],
  ['', CHANGCHUN, 'DESIGNATED', 2],
];

const PHARMACIES: readonly Sketch[] = [
  ['P1', WUHAN, 'ADMITTED'],
  ['P2', WUHAN, 'DESIGNATED'],
  ['P3', YICHANG, 'ADMITTED'],
  ['P6', CHANGCHUN, 'ADMITTED'],
  ['P9', WUHAN, 'ADMITTED'],
  ...several(4, WUHAN, 'ADMITTED'),
  ...several(1, WUHAN, 'SUSPENDED'),
  ...several(1, WUHAN, 'DESIGNATED'),
  ...several(4, YICHANG, 'ADMITTED'),
  ...several(3, XIANGYANG, 'ADMITTED'),
  ...several(1, XIANGYANG, 'EXPIRED'),
  ...several(5, CHANGCHUN, 'ADMITTED'),
  ...several(1, CHANGCHUN, 'DESIGNATED'),
  ...several(5, JILIN_CITY, 'ADMITTED'),
];

function several(count: number, region: City, standing: Standing): Sketch[] {
  return Array.from({ length: count }, () => ['', region, standing] as const);
}

/** Twelve hospitals; codes with a serial from 90001 on, which is no real hospital's. */
export const hospitals: readonly Institution[] = HOSPITALS.map((sketch, index) => build('HOSPITAL', sketch, index));
/** Thirty pharmacies. */
export const pharmacies: readonly Institution[] = PHARMACIES.map((sketch, index) => build('PHARMACY', sketch, index));

function build(
  kind: 'HOSPITAL' | 'PHARMACY',
  [fixture, region, standing, level = 0]: Sketch,
  index: number,
): Institution {
  const { province, name, counties } = regionOf(region);
  const county = counties[index % counties.length];
  const letter = kind === 'HOSPITAL' ? 'H' : 'P';
  return {
    fixture,
    province,
    region,
    admitted: standing === 'ADMITTED' || standing === 'CERTIFYING',
    record: {
      institutionId: `${letter}${county?.code}${90_001 + index}`,
      kind,
      name: `沙盒${name}${county?.name}${kind === 'HOSPITAL' ? '医院' : '大药房'}${index + 1}`,
      division: county?.code ?? '',
      poolingRegion: region,
      level,
      insuranceDesignated: [insuredSince],
      designations: designations(province, standing),
      connection: 'CONNECTED',
      coldChain: standing !== 'DESIGNATED',
      diseases: kind === 'HOSPITAL' && province === '220000' ? publicDiseases(fixture) : [],
      keys: [],
    },
  };
}

function designations(province: Province, standing: Standing): InstitutionRecord['designations'] {
  const period = schemeSince[province];
  const role = province === '420000' ? 'DUAL' : 'TREATING';
  switch (standing) {
    case 'DESIGNATED':
      return [];
    case 'ADMITTED':
      return [{ role, status: 'ACTIVE', period }];
    case 'CERTIFYING':
      return (['CERTIFYING', role] as const).map((each) => ({ role: each, status: 'ACTIVE', period }));
    case 'EXPIRED':
      return [{ role, status: 'ACTIVE', period: schemeOver[province] }];
    case 'SUSPENDED':
      return [{ role, status: 'SUSPENDED', period }];
  }
}

/** JL-4-1b: diseases that an institution treats, as prefixes of diagnosis codes. The small H6 has a shorter list. */
function publicDiseases(fixture: string): string[] {
  const all = [...new Set(diagnoses.map(({ code }) => code.slice(0, 3)))];
  return fixture === 'H6' ? all.filter((prefix) => !prefix.startsWith('L') && !prefix.startsWith('G')) : all;
}

/** The outside authority that checks persons and signs credentials and consents (实名核验). */
export type IdentityAuthority = { record: InstitutionRecord; signer: Signer };

export function makeIdentityAuthority(random: Random): IdentityAuthority {
  const signer = makeSigner(random);
  const record: InstitutionRecord = {
    institutionId: 'IDENTITY-AUTHORITY',
    kind: 'AUTHORITY',
    name: '沙盒实名核验中心',
    division: '100000',
    poolingRegion: '100000',
    level: 0,
    insuranceDesignated: [],
    designations: [],
    connection: 'CONNECTED',
    coldChain: false,
    diseases: [],
    keys: [publicRecord(signer)],
  };
  return { record, signer };
}

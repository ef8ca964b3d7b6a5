import { insuredSince } from './periods.ts';
import type { PlanRecord, PlanVersionRecord } from './records.ts';
import { CHANGCHUN, type City, JILIN_CITY, WUHAN, XIANGYANG, YICHANG } from './regions.ts';

export const EMPLOYEE = '310';
export const RESIDENT = '390';
/** 特药门诊: separately paid drugs in Hubei (HB-34a, HB-35). */
const SPECIAL = '110202';
const OUTPATIENT = '11';

type Figures = Pick<PlanVersionRecord, 'firstSelfBp' | 'basicBp'> & Partial<PlanVersionRecord>;

function plan(planId: string, region: City, insuranceType: string, category: string, figures: Figures): PlanRecord {
  const none = { deductibleFen: 0, seriousBp: 0, seriousThresholdFen: 0, aidBp: 0 };
  return {
    planId,
    poolingRegion: region,
    insuranceType,
    category,
    versions: [{ version: 1, valid: insuredSince, ...none, ...figures }],
  };
}

/** Every region × insurance type × category that plays settle under. Figures are fixtures, not policy. */
export const plans: readonly PlanRecord[] = [
  // Requirements 10.1.
  plan('HB-WH-EMP', WUHAN, EMPLOYEE, SPECIAL, { firstSelfBp: 1_000, basicBp: 8_000 }),
  plan('HB-WH-EMP-OPT', WUHAN, EMPLOYEE, OUTPATIENT, { firstSelfBp: 1_000, basicBp: 5_000 }),
  plan('HB-YC-RES', YICHANG, RESIDENT, SPECIAL, { firstSelfBp: 1_000, basicBp: 6_000 }),
  plan('JL-CC-EMP', CHANGCHUN, EMPLOYEE, OUTPATIENT, { firstSelfBp: 1_500, basicBp: 7_500 }),
  plan('JL-JL-EMP', JILIN_CITY, EMPLOYEE, OUTPATIENT, { firstSelfBp: 1_500, basicBp: 7_000 }),
  // With a deductible, a ceiling, the layers of serious illness and medical aid, alone and together.
  plan('HB-WH-RES', WUHAN, RESIDENT, SPECIAL, { firstSelfBp: 1_500, basicBp: 6_500, ceilingFen: 10_000_000 }),
  plan('HB-WH-RES-OPT', WUHAN, RESIDENT, OUTPATIENT, { firstSelfBp: 1_500, basicBp: 5_000, deductibleFen: 20_000 }),
  plan('HB-YC-EMP', YICHANG, EMPLOYEE, SPECIAL, { firstSelfBp: 1_000, basicBp: 7_800 }),
  plan('HB-YC-EMP-OPT', YICHANG, EMPLOYEE, OUTPATIENT, { firstSelfBp: 1_000, basicBp: 5_500, deductibleFen: 30_000 }),
  plan('HB-YC-RES-OPT', YICHANG, RESIDENT, OUTPATIENT, { firstSelfBp: 2_000, basicBp: 5_000, ceilingFen: 300_000 }),
  plan('HB-XY-EMP', XIANGYANG, EMPLOYEE, SPECIAL, {
    firstSelfBp: 1_000,
    basicBp: 7_500,
    deductibleFen: 50_000,
    ceilingFen: 15_000_000,
  }),
  plan('HB-XY-EMP-OPT', XIANGYANG, EMPLOYEE, OUTPATIENT, { firstSelfBp: 1_000, basicBp: 5_000 }),
  plan('HB-XY-RES', XIANGYANG, RESIDENT, SPECIAL, {
    firstSelfBp: 1_000,
    basicBp: 6_000,
    seriousBp: 6_000,
    seriousThresholdFen: 500_000,
    aidBp: 7_000,
  }),
  plan('HB-XY-RES-OPT', XIANGYANG, RESIDENT, OUTPATIENT, { firstSelfBp: 2_000, basicBp: 4_500, deductibleFen: 10_000 }),
  plan('JL-CC-RES', CHANGCHUN, RESIDENT, OUTPATIENT, {
    firstSelfBp: 2_000,
    basicBp: 6_000,
    deductibleFen: 40_000,
    ceilingFen: 8_000_000,
    seriousBp: 6_000,
    seriousThresholdFen: 500_000,
  }),
  plan('JL-JL-RES', JILIN_CITY, RESIDENT, OUTPATIENT, { firstSelfBp: 2_000, basicBp: 5_500, aidBp: 5_000 }),
];

/** The category that a class of drug is issued and settled under. */
export function categoryOf(drugClass: string): string {
  return drugClass === 'SEPARATE_PAY' ? SPECIAL : OUTPATIENT;
}

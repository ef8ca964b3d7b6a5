import type { Plan, PlanVersion } from '@erx/proto/registry/v1/registry_events';
import { checkDivision, checkId, checkOneOf, checkPeriod } from '../checks.ts';
import { distinct, each, expect, type Problems } from '../problems.ts';

/** 310 employee, 390 resident. */
export const INSURANCE_TYPES = ['310', '390'];
/** All of an amount, in basis points. */
const ALL = 10_000;

export function* checkPlan(plan: Plan, at: string): Problems {
  yield* checkId(plan.planId, `${at}/planId`);
  yield* checkDivision(plan.poolingRegion, `${at}/poolingRegion`);
  yield* checkOneOf(plan.insuranceType, INSURANCE_TYPES, `${at}/insuranceType`);
  yield* expect(/^\d{2,8}$/.test(plan.category), `${at}/category`, 'NOT_A_MEDICAL_CATEGORY');
  yield* expect(plan.versions.length > 0, `${at}/versions`, 'EMPTY');
  yield* each(plan.versions, `${at}/versions`, checkVersion);
  yield* distinct(
    plan.versions,
    (index) => `${at}/versions/${index}/version`,
    ({ version }) => String(version),
  );
}

function* checkVersion(version: PlanVersion, at: string): Problems {
  yield* expect(version.version >= 1, `${at}/version`, 'NOT_POSITIVE');
  yield* checkPeriod(version.valid, `${at}/valid`);
  for (const ratio of ['firstSelfBp', 'basicBp', 'seriousBp', 'aidBp'] as const) {
    yield* expect(version[ratio] >= 0 && version[ratio] <= ALL, `${at}/${ratio}`, 'NOT_A_RATIO');
  }
  for (const amount of ['deductibleFen', 'ceilingFen', 'seriousThresholdFen'] as const) {
    yield* expect((version[amount] ?? 0n) >= 0n, `${at}/${amount}`, 'NEGATIVE');
  }
}

/** Readers find a plan by these three. */
export function scopeOf(plan: { poolingRegion: string; insuranceType: string; category: string }): string {
  return `${plan.poolingRegion}/${plan.insuranceType}/${plan.category}`;
}

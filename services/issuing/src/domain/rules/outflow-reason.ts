import { type Refusal, refusal } from '@erx/errors';
import type { ProfileValues } from '@erx/reference';
import type { PrecheckFacts } from '../precheck-facts.ts';

/** CX-25c: what must never be the reason. */
const FORBIDDEN = ['BUDGET', 'FORMULARY', 'DRUG_SHARE'];

/** HB-15, JL-1-2c: a drug that the hospital does not stock is one that it cannot supply, but not the other way round. */
const ACCEPTED: Record<ProfileValues['outflowCondition'], readonly string[]> = {
  HOSPITAL_TEMPORARILY_UNABLE: ['TEMPORARILY_UNABLE', 'NOT_STOCKED'],
  NOT_STOCKED_IN_HOSPITAL: ['NOT_STOCKED'],
};

/** Reasons (外配原因) that a request may name; the forbidden ones are understood, and refused with their own code. */
export const outflowReasons: readonly string[] = ['', ...FORBIDDEN, ...ACCEPTED.HOSPITAL_TEMPORARILY_UNABLE];

/** CX-21f, CX-25c: sending the prescription out has a reason, and one that the region accepts. */
export function outflowReason({ outflowReason: reason, profile }: PrecheckFacts): Refusal[] {
  if (FORBIDDEN.includes(reason)) return [refusal('FORBIDDEN_LIMIT_REASON', { reason }, '/outflowReason')];
  const accepted = ACCEPTED[profile.values.outflowCondition];
  if (accepted.includes(reason)) return [];
  return [refusal('OUTFLOW_REASON_MISSING', { reason, accepted: accepted.join(' ') }, '/outflowReason')];
}

import { type Refusal, refusal } from '@erx/errors';
import type { PrecheckFacts } from '../precheck-facts.ts';

/** CX-21c, HB-2b: a prescription names its diagnosis. */
export function diagnosisPresent({ diagnoses }: PrecheckFacts): Refusal[] {
  return diagnoses.length === 0 ? [refusal('DIAGNOSIS_MISSING', undefined, '/diagnoses')] : [];
}

import { type Refused, refuse } from '@erx/errors';
import type { Practitioner } from '@erx/proto/registry/v1/registry_events';
import { inPeriod } from '@erx/reference';

/** CX-14-1b: a licensed pharmacist of this very pharmacy, today. `pharmacistId`: who the caller says it is. */
export function pharmacistProblem(
  pharmacistId: string,
  practitioner: Practitioner | undefined,
  pharmacyId: string,
  at: Date,
): Refused | undefined {
  const fits =
    practitioner?.kind === 'PHARMACIST' &&
    practitioner.institutionId === pharmacyId &&
    practitioner.licensed.some((period) => inPeriod(period, at));
  return fits ? undefined : refuse('PHARMACIST_NOT_LICENSED', { pharmacistId, pharmacyId });
}

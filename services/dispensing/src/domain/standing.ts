import { type Refusal, refusal } from '@erx/errors';
import type { Institution } from '@erx/proto/registry/v1/registry_events';
import { inPeriod } from '@erx/reference';
import { businessDate } from '@erx/values';

/** Is this an insurance pharmacy on the hub today (GX-1-2-1a, HB-43)? Whatever is in the prescription. */
export function standingProblems(pharmacyId: string, pharmacy: Institution | undefined, at: Date): Refusal[] {
  const figures = { pharmacyId, date: businessDate(at) };
  const designated = pharmacy?.insuranceDesignated.some((period) => inPeriod(period, at)) ?? false;
  if (pharmacy?.kind !== 'PHARMACY' || !designated) return [refusal('PHARMACY_NOT_DESIGNATED', figures)];
  if (pharmacy.connection !== 'CONNECTED') {
    return [refusal('INSTITUTION_NOT_CONNECTED', { ...figures, connection: pharmacy.connection })];
  }
  return [];
}

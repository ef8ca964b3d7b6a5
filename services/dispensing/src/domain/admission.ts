// HB-22-0, A-6: may prescriptions circulate under this doctor's signature? Pure.
import type { Period, Practitioner } from '@erx/proto/registry/v1/registry_events';
import { inPeriod, periodAt } from '@erx/reference';

/** What decides, and nothing else of a doctor. */
export type Admission = Pick<Practitioner, 'licensed' | 'insuredPhysician' | 'filings'>;

export type Barred = 'DOCTOR_REVOKED' | 'DOCTOR_FILING_EXPIRED' | 'DOCTOR_NOT_INSURED_PHYSICIAN';

/**
 * A filing is revoked, or licence or insured status are over. Who never had one of them was admitted without it by the
 * rules of the issue, which this does not judge again.
 */
export function barredBy({ licensed, insuredPhysician, filings }: Admission, at: Date): Barred | undefined {
  const bySchemes = Map.groupBy(filings, ({ scheme }) => scheme).values();
  for (const history of bySchemes) {
    if (periodAt(history, ({ period }) => period, at)?.status === 'REVOKED') return 'DOCTOR_REVOKED';
  }
  if (isOver(licensed, at)) return 'DOCTOR_FILING_EXPIRED';
  return isOver(insuredPhysician, at) ? 'DOCTOR_NOT_INSURED_PHYSICIAN' : undefined;
}

/** The next instant at which the answer may be another one. */
export function nextChange({ licensed, insuredPhysician, filings }: Admission, at: Date): Date | undefined {
  const periods = [...licensed, ...insuredPhysician, ...filings.flatMap(({ period }) => period ?? [])];
  const later = periods.flatMap(({ from, to }) => [from, to]).filter((edge) => edge !== undefined && edge > at);
  return later.reduce((first, edge) => (first === undefined || (edge && edge < first) ? edge : first), undefined);
}

function isOver(periods: readonly Period[], at: Date): boolean {
  const begun = periods.some(({ from }) => from !== undefined && from <= at);
  return begun && !periods.some((period) => inPeriod(period, at));
}

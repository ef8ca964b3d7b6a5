import { type Refusal, refusal } from '@erx/errors';
import type { Insurance } from '@erx/proto/registry/v1/registry_service';
import { inPeriod, periodAt } from '@erx/reference';
import { businessDate } from '@erx/values';
import type { PrecheckFacts } from '../precheck-facts.ts';

/** CX-5a, HB-2a: the patient is insured, and benefits are active at the issue time. */
export function insured({ insurances, issuedAt }: PrecheckFacts): Refusal[] {
  if (insurances.length === 0) return [refusal('INSURED_SCHEME_NOT_COVERED', undefined, '/patient')];
  if (activeInsurance(insurances, issuedAt) !== undefined) return [];
  return [refusal('INSURED_STATUS_INACTIVE', { date: businessDate(issuedAt) }, '/patient')];
}

/** The relation (参保关系) that pays; of several active ones the one that began last. */
export function activeInsurance(insurances: readonly Insurance[], at: Date): Insurance | undefined {
  const active = insurances.filter(({ status }) => status === 'ACTIVE');
  return periodAt(active, ({ period }) => period, at);
}

/** Regions in which remote care is filed (异地就医备案) at that time. */
export function remoteRegions({ remoteFilings }: Insurance, at: Date): string[] {
  return remoteFilings.filter(({ period }) => inPeriod(period, at)).map(({ region }) => region);
}

import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Insurance } from '@erx/proto/registry/v1/registry_service';
import { inPeriod, periodAt } from '@erx/reference';

/**
 * CX-5a, HB-2a: the relation (参保关系) that counts at an instant: of the active ones the one that began last, else one that is
 * suspended, which is said. Whether it suffices is decided where money is spent. Empty texts: there is none.
 */
export function insuranceFacts(personId: string, insurances: readonly Insurance[], at: Date): InsuranceFacts {
  const active = insurances.filter(({ status }) => status === 'ACTIVE');
  const paying = periodAt(active, ({ period }) => period, at);
  const relation = paying ?? periodAt(insurances, ({ period }) => period, at);
  return {
    personId,
    poolingRegion: relation?.poolingRegion ?? '',
    insuranceType: relation?.insuranceType ?? '',
    active: paying !== undefined,
    remoteFilingRegions: (relation?.remoteFilings ?? [])
      .filter(({ period }) => inPeriod(period, at))
      .map(({ region }) => region),
  };
}

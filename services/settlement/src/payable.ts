import { isRefused, type Refused, refusal, UnavailableError } from '@erx/errors';
import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type { Basis } from '@erx/proto/settlement/v1/settlement_service';
import type { Lookups } from '@erx/reference';
import { businessDate } from '@erx/values';
import { findFacts } from './domain/basis-facts.ts';
import { judgeBasis, type Payable } from './domain/judge-basis.ts';
import type { AccountKey } from './store/accumulator-store.ts';

/** What can be settled, the account of the year that it uses, and the places that may see it. */
export type PayableSale = Payable & { insurance: InsuranceFacts; account: AccountKey; territory: string[] };

/** Throws UnavailableError while the read copy of reference data lags behind the caller's. */
export function payableOf(basis: Basis, reference: Lookups, at: Date): PayableSale | Refused {
  const { insurance, prescribedAt, pharmacyId, hospitalId } = basis;
  if (insurance === undefined || prescribedAt === undefined) {
    const missing = Object.entries({ insurance, prescribedAt }).filter(([, value]) => value === undefined);
    return { refused: missing.map(([name]) => refusal('REQUEST_INVALID', { problem: 'REQUIRED' }, `/${name}`)) };
  }
  const facts = findFacts({ ...basis, insurance, prescribedAt }, reference, at);
  if (facts === undefined) throw new UnavailableError('reference data of this sale has not arrived');
  const judged = judgeBasis(facts);
  if (isRefused(judged)) return judged;
  const { personId, poolingRegion } = insurance;
  const account = { personId, year: Number(businessDate(at).slice(0, 4)), planId: judged.plan.planId };
  return { ...judged, insurance, account, territory: reference.territory([hospitalId, pharmacyId], poolingRegion) };
}

import { isRefused, type Refused } from '@erx/errors';
import { type ViewHistoryRequest, ViewHistoryResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import type { Deps } from '../deps.ts';
import { pharmacistProblem } from '../domain/pharmacist.ts';
import { findSoldToPerson, type SoldLine } from '../store/history-store.ts';
import { meet } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/**
 * HB-28b 历史用药: what the patient was sold at all pharmacies, shown to the pharmacist who acts (`Erx-Operator`). That
 * it was read is recorded under the lock; only this record satisfies the review.
 */
export async function viewHistory(
  deps: Deps,
  request: ViewHistoryRequest,
  call: Call,
): Promise<ViewHistoryResponse | Refused> {
  const { database, reference } = deps;
  const earlier = await earlierAnswer(database, call, ViewHistoryResponse);
  if (earlier !== undefined) return earlier;
  const met = await meet(deps, request, call);
  if (isRefused(met)) return met;
  const { operator: pharmacistId, institutionId } = call.actor;
  const unfit = pharmacistProblem(pharmacistId, reference.practitioner(pharmacistId), institutionId, call.at);
  if (unfit !== undefined) return unfit;
  return once(database, call, 'history.view', ViewHistoryResponse, async (tx) => {
    const viewed = await stepOfVisit(tx, deps, request.prescriptionId, { type: 'ViewHistory', pharmacistId }, call);
    if (isRefused(viewed)) return viewed;
    const sold = await findSoldToPerson(tx, viewed.personId);
    return { entries: sold.map((line) => entryOf(line, reference)) };
  });
}

/** Days of supply shrink with the part that was sold, rounded down. */
function entryOf(line: SoldLine, reference: Lookups) {
  const { soldAt, pharmacyId, drugCode, genericName, quantity, prescribed } = line;
  const days = Number((BigInt(line.days) * quantity) / prescribed);
  return { soldAt, pharmacyName: reference.institution(pharmacyId)?.name ?? '', drugCode, genericName, quantity, days };
}

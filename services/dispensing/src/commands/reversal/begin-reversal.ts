import { isRefused, type Refused } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { ReverseSaleRequest } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { profileFor } from '../../act.ts';
import type { Deps } from '../../deps.ts';
import { insertReversal } from '../../store/reversal-store.ts';
import type { Lease, StoredSale } from '../../store/sale-store.ts';
import { requestOf } from '../once.ts';
import { stepOfVisit } from '../visit.ts';

/** Puts the reversal on record: from here on there is no hand-over, and it is driven to its end, whoever lives. */
export async function beginReversal(
  tx: Tx,
  deps: Pick<Deps, 'reference'>,
  { saleId, prescriptionId, pharmacyId }: StoredSale,
  { reason, leftCounter }: ReverseSaleRequest,
  lease: Lease,
  call: Call,
): Promise<{ saleId: string } | Refused> {
  const begun = await stepOfVisit(
    tx,
    deps,
    prescriptionId,
    { type: 'BeginReversal', saleId, reason, leftCounter },
    call,
  );
  if (isRefused(begun)) return begun;
  const { clientId, key: requestKey } = requestOf(call);
  const profileVersion = profileFor(pharmacyId, call.at, deps.reference).version;
  const { actor, at: begunAt } = call;
  const reversingEventId = begun.lastEventId;
  const reversal = { saleId, reason, leftCounter, clientId, requestKey, actor, profileVersion };
  await insertReversal(tx, { ...reversal, reversingEventId, begunAt }, lease);
  return { saleId };
}

import { isRefused, type Refused, refuse } from '@erx/errors';
import { type HandOverRequest, HandOverResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import type { Deps } from '../deps.ts';
import { receiptProblem } from '../domain/receipt.ts';
import { decideSale } from '../domain/sale.ts';
import { askGrant, type Grant } from '../outbound/grants.ts';
import { insertHandOver } from '../store/hand-over-store.ts';
import { saveHandedOver } from '../store/sale-progress.ts';
import { findSale, type StoredSale } from '../store/sale-store.ts';
import { pharmacyProblem } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/** 交付: the patient signs the purchase list and takes the packs. Verification has sealed the signature before. */
export async function handOver(deps: Deps, request: HandOverRequest, call: Call): Promise<HandOverResponse | Refused> {
  const { database } = deps;
  const earlier = await earlierAnswer(database, call, HandOverResponse);
  if (earlier !== undefined) return earlier;
  const met = await meetBuyer(deps, request, call);
  if (isRefused(met)) return met;
  const { grant, stored } = met;
  const untimely = decideSale(stored.sale, { type: 'HandOver' });
  // The first attempt of this very request may have handed over meanwhile.
  if (isRefused(untimely)) return (await earlierAnswer(database, call, HandOverResponse)) ?? untimely;
  const problem = receiptProblem(request, grant.personId, stored.list?.sm3);
  if (problem !== undefined) return problem;
  const { signatureSealed, listSm3 } = request;
  const { saleId, prescriptionId } = stored;
  const receipt = { recipientPersonId: grant.personId, signatureSealed, listSm3 };
  return once(database, call, 'sale.hand-over', HandOverResponse, async (tx) => {
    const handed = await stepOfVisit(tx, deps, prescriptionId, { type: 'HandOver', saleId, receipt }, call);
    if (isRefused(handed)) return handed;
    await insertHandOver(tx, saleId, receipt, call.at);
    await saveHandedOver(tx, saleId, call.at);
    return { saleId, state: 'HANDED_OVER', handedOverAt: call.at };
  });
}

/** HB-28e: who takes the packs is who they were sold to. The pharmacy knows its own sale, so it hears the reason. */
async function meetBuyer(
  deps: Deps,
  { grantId, saleId }: HandOverRequest,
  call: Call,
): Promise<{ grant: Grant; stored: StoredSale } | Refused> {
  const unfit = pharmacyProblem(deps, call);
  if (unfit !== undefined) return unfit;
  const grant = await askGrant(deps.peers, grantId, call);
  if (isRefused(grant)) return grant;
  const stored = await findSale(deps.database, saleId);
  if (stored?.pharmacyId !== call.actor.institutionId) return refuse('SALE_NOT_FOUND');
  return grant.personId === stored.personId ? { grant, stored } : refuse('PRESCRIPTION_PATIENT_MISMATCH');
}

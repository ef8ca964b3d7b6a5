import { isRefused, type Refusal, type Refused, refusal, refuse } from '@erx/errors';
import { type HandOverRequest, HandOverResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { formatInstant } from '@erx/values';
import type { Deps } from '../deps.ts';
import { receiptProblems } from '../domain/receipt.ts';
import { decideSale } from '../domain/sale.ts';
import { agentOf, askGrant, type Grant } from '../outbound/grants.ts';
import { registerAgent } from '../store/agent-store.ts';
import { insertHandOver } from '../store/hand-over-store.ts';
import { saveHandedOver } from '../store/sale-progress.ts';
import { findSale, type StoredSale } from '../store/sale-store.ts';
import { pharmacyProblem } from './encounter.ts';
import { earlierAnswer, once } from './once.ts';
import { stepOfVisit } from './visit.ts';

/**
 * 交付: the patient, or an agent for the patient, signs the purchase list and takes the packs. Verification has sealed
 * the signature before; traceability knows what was recalled since the sale.
 */
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
  const agent = agentOf(grant);
  const recipientPersonId = agent?.person.personId ?? grant.personId;
  const recipient = { personId: recipientPersonId, isAgent: agent !== undefined };
  const unsigned = receiptProblems(request, recipient, stored.list?.sm3);
  if (unsigned.length > 0) {
    const blocked = await recallProblems(deps, stored, call);
    return isRefused(blocked) ? blocked : { refused: [...unsigned, ...blocked] };
  }
  const cleared = await clear(deps, stored, call);
  if (isRefused(cleared)) return (await earlierAnswer(database, call, HandOverResponse)) ?? cleared;
  const { signatureSealed, listSm3 } = request;
  const { saleId, prescriptionId } = stored;
  const receipt = { recipientPersonId, signatureSealed, listSm3, agentRelation: agent?.relation ?? '' };
  return once(database, call, 'sale.hand-over', HandOverResponse, async (tx) => {
    const handed = await stepOfVisit(tx, deps, prescriptionId, { type: 'HandOver', saleId, receipt }, call);
    if (isRefused(handed)) return handed;
    if (agent !== undefined) await registerAgent(tx, saleId, agent, call.at);
    await insertHandOver(tx, saleId, receipt, call.at);
    await saveHandedOver(tx, saleId, call.at);
    return { saleId, state: 'HANDED_OVER', handedOverAt: call.at };
  });
}

/** 放行 (ADR 0012): the last question before the commit, so that a recall knows on which side of it this hand-over is. */
function clear({ peers }: Deps, { saleId, startedEventId }: StoredSale, { actor }: Call) {
  return peers.traceability.clearHandOver({ saleId }, { actor, causationId: startedEventId });
}

/** CX-14-3d: packs that were recalled or quarantined after they were sold stay here, until the sale is reversed. */
async function recallProblems(
  { peers }: Deps,
  { saleId, startedEventId }: StoredSale,
  { actor }: Call,
): Promise<Refusal[] | Refused> {
  const checked = await peers.traceability.checkSale({ saleId }, { actor, causationId: startedEventId });
  if (isRefused(checked)) return checked;
  return checked.blocked.map(({ traceCode, state, batchNo, since }) =>
    refusal('TRACE_CODE_RECALLED', {
      traceCode,
      state,
      batchNo,
      ...(since === undefined ? {} : { since: formatInstant(since) }),
    }),
  );
}

/** HB-28e: the packs are for the patient they were sold to, whoever takes them. The pharmacy knows its own sale, so it hears the reason. */
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

import { once } from 'node:events';
import { isRefused, type Refused, refuse } from '@erx/errors';
import { claimRequest, inTransaction, recall } from '@erx/postgres';
import { type ReverseSaleRequest, ReverseSaleResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import type { Deps } from '../../deps.ts';
import { reversalProblem } from '../../domain/reversal.ts';
import { findReversalOfRequest } from '../../store/reversal-store.ts';
import { findSale, type StoredSale } from '../../store/sale-store.ts';
import { requestOf } from '../once.ts';
import type { SaleDriver } from '../sale/sale-driver.ts';
import { awaitReversal } from './await-reversal.ts';
import { beginReversal } from './begin-reversal.ts';

type ReverseDeps = Deps & { sales: SaleDriver };
type Recalled = NonNullable<Awaited<ReturnType<typeof recall<ReverseSaleResponse>>>>;

/**
 * HB-37a 冲正: settlement and packs are taken back, and the quantities are open again. Once begun it only goes forward.
 * Waits and repeats as a sale does; needs no grant and no standing, because what was wrong must always be taken back.
 */
export async function reverseSale(
  deps: ReverseDeps,
  request: ReverseSaleRequest,
  call: Call,
): Promise<ReverseSaleResponse | Refused> {
  const { database, sales } = deps;
  const client = requestOf(call);
  const known = await recall(database, client, ReverseSaleResponse);
  if (known !== undefined) return repeated(deps, known, call);
  const stored = await findSale(database, request.saleId);
  if (stored?.pharmacyId !== call.actor.institutionId) return refuse('SALE_NOT_FOUND');
  const problem = reversalProblem(soldOf(stored), request, call.at);
  if (problem !== undefined) {
    // The first attempt of this very request may have begun meanwhile.
    const meanwhile = await recall(database, client, ReverseSaleResponse);
    return meanwhile === undefined ? problem : repeated(deps, meanwhile, call);
  }
  const lease = sales.lease();
  const begun = await inTransaction(database, async (tx) => {
    const claimed = await claimRequest(tx, client, 'sale.reverse', ReverseSaleResponse);
    return claimed === undefined ? beginReversal(tx, deps, stored, request, lease, call) : { claimed };
  });
  if (isRefused(begun)) return begun;
  if ('claimed' in begun) return repeated(deps, begun.claimed, call);
  const patience = AbortSignal.timeout(sales.timing.waitMs);
  await Promise.race([sales.drive(stored.saleId, lease.token), once(patience, 'abort')]);
  return awaitReversal(database, stored.saleId, call, sales.timing, patience);
}

function soldOf({ sale, list, handedOverAt, lines }: StoredSale) {
  return { sale, soldAt: list?.soldAt, handedOverAt, codes: lines.flatMap(({ traceCodes }) => traceCodes) };
}

async function repeated(
  { database, sales }: ReverseDeps,
  known: Recalled,
  call: Call,
): Promise<ReverseSaleResponse | Refused> {
  if ('answer' in known) return known.answer;
  if ('reused' in known) return refuse('IDEMPOTENCY_KEY_REUSED');
  const saleId = await findReversalOfRequest(database, requestOf(call));
  if (saleId === undefined) throw new Error('a running request without its reversal');
  return awaitReversal(database, saleId, call, sales.timing, AbortSignal.timeout(sales.timing.waitMs));
}

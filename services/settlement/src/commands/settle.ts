import { createHash } from 'node:crypto';
import { isRefused, type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import { SettleRequest, type SettleResponse } from '@erx/proto/settlement/v1/settlement_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { actOf } from '../act.ts';
import { charge } from '../domain/accumulator.ts';
import { entriesOf } from '../domain/ledger.ts';
import { priceSale } from '../domain/price-sale.ts';
import { decide } from '../domain/settlement.ts';
import { settlementMade } from '../outbound/events.ts';
import { payableOf } from '../payable.ts';
import { openQuote, quoteProblem, staleQuote, termsProblem } from '../quote-token.ts';
import { lockUsed, saveUsed } from '../store/accumulator-store.ts';
import { insertAmounts, readAmounts } from '../store/amounts-store.ts';
import { post } from '../store/ledger-store.ts';
import { type StoredSettlement, startSettling } from '../store/settlement-store.ts';
import { recordStep } from '../store/step-store.ts';

type Deps = { database: Database; reference: Lookups; quoteKey: Uint8Array };

/**
 * Settles a sale for exactly what was quoted. Idempotent by sale: the same request gets the same answer, whatever became
 * of its quote; a reversed sale is refused INVALID_STATE_TRANSITION. SETTLE_QUOTE_STALE (SM-7a, CX-22c): the token is
 * forged, over, used or of another sale, or the amounts have changed since. Sales of one person, year and plan are
 * settled one after the other.
 */
export async function settle(
  { database, reference, quoteKey }: Deps,
  request: SettleRequest,
  call: Call,
): Promise<SettleResponse | Refused> {
  const { saleId, basis } = request;
  if (basis === undefined) return refuse('REQUEST_INVALID', undefined, '/basis');
  const quote = openQuote(quoteKey, request.quoteToken);
  if (quote === undefined) return staleQuote('UNKNOWN');
  const names = { saleId, prescriptionId: basis.prescriptionId };
  const content = createHash('sha256').update(SettleRequest.encode(request).finish()).digest('hex');
  return inTransaction(database, async (tx) => {
    const started = await startSettling(tx, names, content, quote.quoteId);
    if ('quoteUsed' in started) return staleQuote('USED');
    if ('earlier' in started) return answerRepeat(tx, started.earlier, content);
    const problem = quoteProblem(quote, basis, call.at);
    if (problem !== undefined) return problem;
    const payable = payableOf(basis, reference, call.at);
    if (isRefused(payable)) return payable;

    const { account, territory } = payable;
    const used = await lockUsed(tx, account);
    const { amounts, use } = priceSale(payable, basis.category, used);
    const changed = termsProblem(quote, amounts);
    if (changed !== undefined) return changed;
    const { settlementId } = started;
    const { pharmacyId, hospitalId, category } = basis;
    const { personId, planId } = account;
    const act = { ...actOf(call, pharmacyId, reference), listVersions: payable.listVersions };
    const made = settlementMade({ ...names, settlementId, pharmacyId, personId, planId, amounts }, act, {
      territory,
      causationId: call.causationId,
    });
    const { poolingRegion, insuranceType } = payable.insurance;
    const sale = { ...account, saleId, pharmacyId, hospitalId, poolingRegion, insuranceType, category };
    await insertAmounts(tx, { ...sale, deductible: use.deductible, madeEventId: made.id }, amounts);
    await saveUsed(tx, account, charge(used, use));
    await post(tx, saleId, 'SETTLEMENT', entriesOf(amounts));
    await recordStep(tx, saleId, 'SETTLED', act);
    await appendToOutbox(tx, [made]);
    return { settlementId, amounts };
  });
}

async function answerRepeat(
  tx: Tx,
  { saleId, settlement, settlementId }: StoredSettlement,
  content: string,
): Promise<SettleResponse | Refused> {
  const decision = decide(settlement, { type: 'Settle', content });
  return isRefused(decision) ? decision : { settlementId, amounts: await readAmounts(tx, saleId) };
}

import { once } from 'node:events';
import { isRefused, type Refused, refuse } from '@erx/errors';
import { claimRequest, inTransaction, recall } from '@erx/postgres';
import { type SellRequest, SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import type { Deps } from '../../deps.ts';
import { findSaleOfRequest } from '../../store/sale-store.ts';
import { requestOf } from '../once.ts';
import { awaitSale } from './await-sale.ts';
import { beginSale, prepareSale } from './begin-sale.ts';
import type { SaleDriver } from './sale-driver.ts';

type SellDeps = Deps & { sales: SaleDriver };
type Recalled = NonNullable<Awaited<ReturnType<typeof recall<SellResponse>>>>;

/**
 * 销售: reserve → settle → commit. The caller waits for the end; a sale that takes longer answers RUNNING and goes on. A
 * repeat with the same key waits too and gets the first answer. The refusals of an abandoned sale are the answer, and
 * its key is free again.
 */
export async function sell(deps: SellDeps, request: SellRequest, call: Call): Promise<SellResponse | Refused> {
  const { database, sales } = deps;
  const client = requestOf(call);
  const known = await recall(database, client, SellResponse);
  if (known !== undefined) return repeated(deps, known, call);
  const intent = await prepareSale(deps, request, call);
  if (isRefused(intent)) return intent;
  const lease = sales.lease();
  const begun = await inTransaction(database, async (tx) => {
    const claimed = await claimRequest(tx, client, 'sale.sell', SellResponse);
    return claimed === undefined ? beginSale(tx, deps, intent, lease, call) : { claimed };
  });
  if (isRefused(begun)) return begun;
  if ('claimed' in begun) return repeated(deps, begun.claimed, call);
  const patience = AbortSignal.timeout(sales.timing.waitMs);
  await Promise.race([sales.drive(begun.saleId, lease.token), once(patience, 'abort')]);
  return awaitSale(database, begun.saleId, call, sales.timing, patience);
}

async function repeated({ database, sales }: SellDeps, known: Recalled, call: Call): Promise<SellResponse | Refused> {
  if ('answer' in known) return known.answer;
  if ('reused' in known) return refuse('IDEMPOTENCY_KEY_REUSED');
  const saleId = await findSaleOfRequest(database, requestOf(call));
  if (saleId === undefined) throw new Error('a running request without its sale');
  return awaitSale(database, saleId, call, sales.timing, AbortSignal.timeout(sales.timing.waitMs));
}

import { isRefused, type Refused } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { Basis, QuoteResponse } from '@erx/proto/settlement/v1/settlement_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { priceSale } from '../domain/price-sale.ts';
import { payableOf } from '../payable.ts';
import { newQuote, sealQuote } from '../quote-token.ts';
import { readUsed } from '../store/accumulator-store.ts';

/** Amounts of a sale as they would be now, explained line by line, in a token for 15 minutes. Stores nothing (预结算). */
export async function quote(
  { database, reference, quoteKey }: { database: Database; reference: Lookups; quoteKey: Uint8Array },
  basis: Basis,
  call: Call,
): Promise<QuoteResponse | Refused> {
  const payable = payableOf(basis, reference, call.at);
  if (isRefused(payable)) return payable;
  const { amounts } = priceSale(payable, basis.category, await readUsed(database, payable.account));
  const fresh = newQuote(basis, amounts, call.at);
  return { quoteToken: sealQuote(quoteKey, fresh), expiresAt: fresh.expiresAt, amounts };
}

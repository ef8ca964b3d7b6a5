import { type Refused, refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { GetSaleRequest, SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { findSale } from '../store/sale-store.ts';
import { saleView } from './sale-view.ts';

/** A sale of the caller's own pharmacy; any other is SALE_NOT_FOUND. */
export async function getSale(
  database: Database,
  { saleId }: GetSaleRequest,
  call: Call,
): Promise<SellResponse | Refused> {
  const stored = await findSale(database, saleId);
  return stored?.pharmacyId === call.actor.institutionId ? saleView(stored) : refuse('SALE_NOT_FOUND');
}

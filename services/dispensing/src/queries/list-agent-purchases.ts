import { type Refused, refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type {
  ListAgentPurchasesRequest,
  ListAgentPurchasesResponse,
} from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { findAgentPurchases } from '../store/agent-store.ts';
import { findSale } from '../store/sale-store.ts';

const MOST = 200;

/** HB-24c 代办登记簿: who bought and collected for whom at the caller's pharmacy, oldest first; persons stay sealed. */
export async function listAgentPurchases(
  database: Database,
  { afterSaleId, limit }: ListAgentPurchasesRequest,
  { actor }: Call,
): Promise<ListAgentPurchasesResponse | Refused> {
  if (limit < 1 || limit > MOST) return refuse('REQUEST_INVALID', { least: '1', most: `${MOST}` }, '/limit');
  if (afterSaleId !== '') {
    const after = await findSale(database, afterSaleId);
    if (after?.pharmacyId !== actor.institutionId) return refuse('SALE_NOT_FOUND', undefined, '/afterSaleId');
  }
  const after = afterSaleId === '' ? null : afterSaleId;
  return { purchases: await findAgentPurchases(database, actor.institutionId, after, limit) };
}

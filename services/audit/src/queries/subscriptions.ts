import { type Refused, refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type {
  ListSubscriptionsResponse,
  ListUndeliveredRequest,
  ListUndeliveredResponse,
} from '@erx/proto/audit/v1/subscription_service';
import type { Actor } from '@erx/proto/common/v1/common';
import { undelivered } from '../store/delivery-store.ts';
import { findSubscription, subscriptionsOf } from '../store/subscription-store.ts';

const LIMIT_MAX = 500;

export async function listSubscriptions({ sql }: Database, { clientId }: Actor): Promise<ListSubscriptionsResponse> {
  return { subscriptions: await subscriptionsOf(sql, clientId) };
}

export async function ownSubscription({ sql }: Database, { clientId }: Actor, id: string): Promise<boolean> {
  return (await findSubscription(sql, clientId, id)) !== undefined;
}

/** NOT_FOUND: the client has no such subscription. REQUEST_INVALID: limit not 1 to 500. */
export async function listUndelivered(
  database: Database,
  { subscriptionId, after, limit }: ListUndeliveredRequest,
  actor: Actor,
): Promise<ListUndeliveredResponse | Refused> {
  if (limit < 1 || limit > LIMIT_MAX) return refuse('REQUEST_INVALID', { problem: 'OUT_OF_RANGE' }, '/limit');
  if (!(await ownSubscription(database, actor, subscriptionId))) return refuse('NOT_FOUND');
  return { undelivered: await undelivered(database.sql, subscriptionId, after, limit) };
}

import { type Refused, refuse } from '@erx/errors';
import { claimRequest, type Database, inTransaction, rememberAnswer } from '@erx/postgres';
import { type ResendRequest, ResendResponse } from '@erx/proto/audit/v1/subscription_service';
import type { Call } from '@erx/rpc';
import { sendAgain } from '../store/delivery-store.ts';
import { findSubscription } from '../store/subscription-store.ts';
import { earlierAnswer } from './earlier-answer.ts';

/** Undelivered messages are due now, and are tried for days again. NOT_FOUND: the client has no such subscription. */
export function resend(
  database: Database,
  { subscriptionId, eventIds }: ResendRequest,
  call: Call,
): Promise<ResendResponse | Refused> {
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  return inTransaction(database, async (tx): Promise<ResendResponse | Refused> => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'subscription.resend', ResendResponse));
    if (earlier !== undefined) return earlier;
    const own = await findSubscription(tx.sql, call.actor.clientId, subscriptionId);
    if (own === undefined) return refuse('NOT_FOUND');
    const answer = { count: await sendAgain(tx, subscriptionId, eventIds, call.machineAt) };
    await rememberAnswer(tx, client, ResendResponse, answer);
    return answer;
  });
}

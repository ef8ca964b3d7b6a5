import { randomUUID } from 'node:crypto';
import { type Refused, refuse } from '@erx/errors';
import { claimRequest, type Database, inTransaction, rememberAnswer, type Tx } from '@erx/postgres';
import { type SubscribeRequest, Subscription } from '@erx/proto/audit/v1/subscription_service';
import type { Call } from '@erx/rpc';
import { type AddressRules, addressProblem } from '../outbound/webhook-address.ts';
import { lastNumber } from '../store/numbering.ts';
import { insertSubscription, removeSubscription, setState } from '../store/subscription-store.ts';
import { earlierAnswer } from './earlier-answer.ts';

const MOST_PER_CLIENT = 20;

/** Repeats by the same key get the first answer, which is stored with the change. */
function once(database: Database, call: Call, change: (tx: Tx) => Promise<Subscription | Refused>) {
  const client = call.request;
  if (client === undefined) throw new Error('a write of a client needs its idempotency key');
  return inTransaction(database, async (tx): Promise<Subscription | Refused> => {
    const earlier = earlierAnswer(await claimRequest(tx, client, 'subscription.write', Subscription));
    if (earlier !== undefined) return earlier;
    const answer = await change(tx);
    if ('refused' in answer) return answer;
    await rememberAnswer(tx, client, Subscription, answer);
    return answer;
  });
}

/**
 * 订阅: entries of the client's division are sent to its address from now on, or after a number. REQUEST_INVALID: an address
 * that may not be sent to, a position below 0 or behind the end, more subscriptions than a client may have.
 */
export function subscribe(
  database: Database,
  rules: AddressRules,
  { url, filter, after }: SubscribeRequest,
  call: Call,
): Promise<Subscription | Refused> {
  const { clientId, role, division } = call.actor;
  return once(database, call, async (tx) => {
    const problem = addressProblem(url, rules);
    if (problem !== undefined) return refuse('REQUEST_INVALID', { problem }, '/url');
    const end = await lastNumber(tx.sql, division);
    const through = after ?? end;
    if (through < 0n || through > end) {
      return refuse('REQUEST_INVALID', { problem: 'OUT_OF_RANGE', max: String(end) }, '/after');
    }
    const { types = [], place = '' } = filter ?? {};
    const wanted = { subscriptionId: randomUUID(), clientId, role, division, url, types, place, through };
    const made = await insertSubscription(tx, { ...wanted, createdAt: call.machineAt }, MOST_PER_CLIENT);
    return made ?? refuse('REQUEST_INVALID', { problem: 'TOO_MANY', max: String(MOST_PER_CLIENT) });
  });
}

/** Pauses, goes on, or ends one of the client's own subscriptions. NOT_FOUND: it has none of this id. */
export function changeSubscription(
  database: Database,
  { subscriptionId, state }: { subscriptionId: string; state: string },
  call: Call,
): Promise<Subscription | Refused> {
  const { clientId } = call.actor;
  return once(database, call, async (tx) => {
    switch (state) {
      case 'ACTIVE':
      case 'PAUSED':
        return (await setState(tx, clientId, subscriptionId, state, call.machineAt)) ?? refuse('NOT_FOUND');
      case 'DELETED':
        return (await removeSubscription(tx, clientId, subscriptionId)) ?? refuse('NOT_FOUND');
      default:
        return refuse('REQUEST_INVALID', { problem: 'UNKNOWN_VALUE' }, '/state');
    }
  });
}

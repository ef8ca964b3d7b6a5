import { refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import { SubscriptionServiceDefinition } from '@erx/proto/audit/v1/subscription_service';
import { type ServedContract, serve } from '@erx/rpc';
import { resend } from '../commands/resend.ts';
import { changeSubscription, subscribe } from '../commands/subscribe.ts';
import type { AddressRules } from '../outbound/webhook-address.ts';
import { keyTexts, webhookKeys } from '../outbound/webhook-keys.ts';
import { listSubscriptions, listUndelivered, ownSubscription } from '../queries/subscriptions.ts';

type Parts = { database: Database; rules: AddressRules; master: Uint8Array };

/** Each client sees and changes its own subscriptions only. */
export function subscriptionContract({ database, rules, master }: Parts): ServedContract {
  return serve(SubscriptionServiceDefinition, {
    subscribe: {
      operation: 'subscription.write',
      handle: (request, call) => subscribe(database, rules, request, call),
    },
    listSubscriptions: { operation: 'subscription.read', handle: (_, call) => listSubscriptions(database, call.actor) },
    getSubscriptionKeys: {
      operation: 'subscription.read',
      handle: async ({ subscriptionId }, { actor }) =>
        (await ownSubscription(database, actor, subscriptionId))
          ? keyTexts(webhookKeys(master, subscriptionId))
          : refuse('NOT_FOUND'),
    },
    changeSubscription: {
      operation: 'subscription.write',
      handle: (request, call) => changeSubscription(database, request, call),
    },
    listUndelivered: {
      operation: 'subscription.read',
      handle: (request, call) => listUndelivered(database, request, call.actor),
    },
    resend: { operation: 'subscription.write', handle: (request, call) => resend(database, request, call) },
  });
}

import { isRefused } from '@erx/errors';
import {
  ResendResponse,
  Subscription as Stored,
  type Subscription,
  type Undelivered,
} from '@erx/proto/audit/v1/subscription_service';
import { events } from '@erx/proto/topics';
import type { CallContext } from '@erx/rpc';
import Type, { type Static } from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { exact, fromInstant, instantIf } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Division, Instant, list, oneOf, strict, text, Uuid } from '../schemas/values.ts';
import { auditTag as tag } from './audit.ts';

const Id = Type.Object({ subscriptionId: Uuid });
const Wanted = strict({
  url: text(2_000, 'https address that takes POST requests'),
  types: Type.Optional(list(oneOf(...Object.keys(events)), 100)),
  place: Type.Optional({ ...Division, description: 'division that the event also belongs to' }),
  after: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'begin after this number; else now' }),
  ),
});
const Shown = Type.Object({
  subscriptionId: Type.String(),
  url: Type.String(),
  types: Type.Array(Type.String()),
  place: Type.Optional(Type.String()),
  state: Type.String({ description: 'ACTIVE, PAUSED, DELETED' }),
  reason: Type.Optional(Type.String({ description: 'why the hub paused it: GONE' })),
  through: Type.Integer({ description: 'last number looked at' }),
  delivered: Type.Integer({ description: 'messages that the address took' }),
  lastDeliveredAt: Type.Optional(Instant),
  createdAt: Instant,
});
const ShownUndelivered = Type.Object({
  number: Type.Integer(),
  eventId: Type.String(),
  type: Type.String(),
  state: Type.String({ description: 'WAITING, GIVEN_UP' }),
  attempts: Type.Integer(),
  problem: Type.String({ description: 'HTTP_500, TIMEOUT, UNREACHABLE, ADDRESS_FORBIDDEN …' }),
  lastTriedAt: Type.Optional(Instant),
  nextAt: Type.Optional(Instant),
});

const show = (it: Subscription): Static<typeof Shown> => ({
  subscriptionId: it.subscriptionId,
  url: it.url,
  types: it.filter?.types ?? [],
  ...(it.filter?.place ? { place: it.filter.place } : {}),
  state: it.state,
  ...(it.reason === '' ? {} : { reason: it.reason }),
  through: exact(it.through),
  delivered: exact(it.delivered),
  ...instantIf('lastDeliveredAt', it.lastDeliveredAt),
  createdAt: fromInstant(it.createdAt),
});

const showUndelivered = ({ number, lastTriedAt, nextAt, ...it }: Undelivered): Static<typeof ShownUndelivered> => ({
  ...it,
  number: exact(number),
  ...instantIf('lastTriedAt', lastTriedAt),
  ...instantIf('nextAt', nextAt),
});

/** 订阅: entries of the own division sent to an address, signed. */
export function subscriptionRoutes(door: Door, { subscriptions }: Peers): void {
  const write = (stored: Uint8Array) => show(Stored.decode(stored));
  const url = '/v1/audit/subscriptions';
  declare(door, {
    method: 'POST',
    url,
    operation: 'subscription.write',
    id: 'createSubscription',
    title: { zh: '新建订阅', en: 'Have entries of the own division sent to an address' },
    tag,
    body: Wanted,
    answer: Shown,
    status: 201,
    write,
    async handle({ body: { url: address, types = [], place = '', after } }, context) {
      const position = after === undefined ? undefined : BigInt(after);
      const wanted = { url: address, filter: { types, place }, after: position };
      const answer = await subscriptions.subscribe(wanted, context);
      return isRefused(answer) ? answer : show(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url,
    operation: 'subscription.read',
    id: 'listSubscriptions',
    title: { zh: '订阅列表', en: 'Own subscriptions' },
    tag,
    answer: Type.Object({ subscriptions: Type.Array(Shown) }),
    async handle(_, context) {
      const answer = await subscriptions.listSubscriptions({}, context);
      return isRefused(answer) ? answer : { subscriptions: answer.subscriptions.map(show) };
    },
  });
  declare(door, {
    method: 'GET',
    url: `${url}/:subscriptionId/keys`,
    operation: 'subscription.read',
    id: 'readSubscriptionKeys',
    title: { zh: '订阅密钥', en: 'Secret and public key that check its messages' },
    tag,
    params: Id,
    answer: Type.Object({
      secret: Type.String({ description: 'whsec_…: HMAC-SHA-256, signature v1' }),
      publicKey: Type.String({ description: 'whpk_…: Ed25519, signature v1a' }),
    }),
    handle: ({ params }, context) => subscriptions.getSubscriptionKeys(params, context),
  });
  declare(door, {
    method: 'GET',
    url: `${url}/:subscriptionId/undelivered`,
    operation: 'subscription.read',
    id: 'listUndelivered',
    title: { zh: '未送达', en: 'What failed, and when it is tried again' },
    tag,
    params: Id,
    query: Type.Object(
      {
        after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({ undelivered: Type.Array(ShownUndelivered) }),
    async handle({ params, query: { after = 0, limit = 100 } }, context) {
      const answer = await subscriptions.listUndelivered({ ...params, after: BigInt(after), limit }, context);
      return isRefused(answer) ? answer : { undelivered: answer.undelivered.map(showUndelivered) };
    },
  });
  declare(door, {
    method: 'POST',
    url: `${url}/:subscriptionId/resend`,
    operation: 'subscription.write',
    storedAs: 'subscription.resend',
    id: 'resendUndelivered',
    title: { zh: '重新发送', en: 'Send undelivered messages again now' },
    tag,
    params: Id,
    body: strict({ eventIds: Type.Optional(list(Uuid, 1_000)) }),
    answer: Type.Object({ count: Type.Integer() }),
    write: (stored) => ResendResponse.decode(stored),
    handle: ({ params, body: { eventIds = [] } }, context) => subscriptions.resend({ ...params, eventIds }, context),
  });
  const change = (state: string) => async (subscriptionId: string, context: CallContext) => {
    const answer = await subscriptions.changeSubscription({ subscriptionId, state }, context);
    return isRefused(answer) ? answer : show(answer);
  };
  for (const [method, path, id, state, title] of [
    ['POST', '/pause', 'pauseSubscription', 'PAUSED', { zh: '暂停订阅', en: 'Pause: what comes waits' }],
    ['POST', '/resume', 'resumeSubscription', 'ACTIVE', { zh: '恢复订阅', en: 'Go on: what waits is sent' }],
    ['DELETE', '', 'deleteSubscription', 'DELETED', { zh: '删除订阅', en: 'End it, with everything that waits' }],
  ] as const) {
    const act = change(state);
    declare(door, {
      method,
      url: `${url}/:subscriptionId${path}`,
      operation: 'subscription.write',
      id,
      title,
      tag,
      params: Id,
      answer: Shown,
      write,
      handle: ({ params }, context) => act(params.subscriptionId, context),
    });
  }
}

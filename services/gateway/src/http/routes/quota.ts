import Type from 'typebox';
import { type Door, declare } from '../route.ts';

/** What a client may still ask; asking that counts too. */
export function quotaRoute(door: Door): void {
  declare(door, {
    method: 'GET',
    url: '/v1/quota',
    operation: 'quota.read',
    id: 'readQuota',
    title: { zh: '调用配额', en: 'How many requests this client may make, and has left' },
    tag: '请求结果 Requests',
    answer: Type.Object({
      perSecond: Type.Integer({ description: 'requests that come back each second' }),
      burst: Type.Integer({ description: 'most requests at once' }),
      left: Type.Integer({ description: 'requests left now' }),
    }),
    handle: async (_input, { actor }) => door.guard.quotas.leftOf(actor.clientId),
  });
}

import Type from 'typebox';
import type { FindOutcome } from '../../queries/request-outcome.ts';
import { type Door, declare } from '../route.ts';
import { oneOf } from '../schemas/values.ts';

/** What became of a write whose answer was lost. */
export function requestRoutes(door: Door, findOutcome: FindOutcome): void {
  declare(door, {
    method: 'GET',
    url: '/v1/requests/:key',
    operation: 'request.read',
    id: 'readRequest',
    title: { zh: '查询请求结果', en: 'Outcome of a write by its Idempotency-Key' },
    tag: '请求结果 Requests',
    params: Type.Object({ key: Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' }) }),
    answer: Type.Object({
      state: oneOf('NONE', 'RUNNING', 'DONE'),
      operation: Type.Optional(Type.String()),
      answer: Type.Optional(
        Type.Object({}, { additionalProperties: true, description: 'the answer as the write itself gave it' }),
      ),
    }),
    async handle({ params: { key } }, { actor }) {
      const { state, operation, answer } = await findOutcome(actor, key);
      const show = door.outcomes.get(operation);
      if (state !== 'DONE') return state === 'NONE' ? { state } : { state, operation };
      if (show === undefined) throw new Error(`no way to show the answer of ${operation}`);
      return { state, operation, answer: show(answer) as object };
    },
  });
}

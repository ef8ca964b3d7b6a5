import { isRefused } from '@erx/errors';
import type { BusinessClock } from '@erx/rpc';
import { formatInstant } from '@erx/values';
import Type from 'typebox';
import type { SetClock } from '../../commands/set-clock.ts';
import { toInstant } from '../mappers/values.ts';
import { type Door, declare } from '../route.ts';
import { Instant, strict } from '../schemas/values.ts';

const tag = '沙盒 Sandbox';
const BusinessTime = Type.Object({ businessTime: Instant });

/** The sandbox's business clock (业务时钟); outside sandbox mode these routes do not exist. */
export function clockRoutes(door: Door, clock: BusinessClock, setClock: SetClock): void {
  declare(door, {
    method: 'GET',
    url: '/v1/sandbox/clock',
    operation: 'clock.read',
    id: 'readClock',
    title: { zh: '业务时钟', en: 'The business time now' },
    tag,
    answer: BusinessTime,
    handle: async () => ({ businessTime: formatInstant(clock.now()) }),
  });
  declare(door, {
    method: 'PUT',
    url: '/v1/sandbox/clock',
    operation: 'clock.set',
    id: 'setClock',
    title: { zh: '设置业务时钟', en: 'Moves the business clock; answers when every process goes by it' },
    tag,
    body: strict({ businessTime: Instant }),
    answer: BusinessTime,
    async handle({ body }, context) {
      const refused = await setClock(toInstant(body.businessTime), context);
      return isRefused(refused) ? refused : { businessTime: formatInstant(clock.now()) };
    },
  });
}

import { isRefused } from '@erx/errors';
import { ClientSwitched } from '@erx/proto/access/v1/access_events';
import Type from 'typebox';
import type { SwitchClient } from '../../commands/switch-client.ts';
import { type Door, declare } from '../route.ts';
import { oneOf, strict } from '../schemas/values.ts';

const State = oneOf('ACTIVE', 'SUSPENDED');

/** A client whose key was stolen, or that misuses what it may do, is switched off at once (停用接入程序). */
export function clientRoutes(door: Door, switchClient: SwitchClient): void {
  declare(door, {
    method: 'PUT',
    url: '/v1/clients/:clientId/state',
    operation: 'client.switch',
    id: 'switchClient',
    title: { zh: '停用或恢复接入程序', en: 'Switch a client program off, or on again' },
    tag: '批量导入 Import',
    params: Type.Object({ clientId: Type.String({ minLength: 1, maxLength: 64 }) }),
    body: strict({ state: State }),
    answer: Type.Object({ clientId: Type.String(), state: State }),
    write: (stored) => shown(ClientSwitched.decode(stored)),
    async handle({ params: { clientId }, body: { state } }, context) {
      const answer = await switchClient({ clientId, suspended: state === 'SUSPENDED' }, context);
      return isRefused(answer) ? answer : shown(answer);
    },
  });
}

const shown = ({ clientId, suspended }: { clientId: string; suspended: boolean }) => ({
  clientId,
  state: suspended ? ('SUSPENDED' as const) : ('ACTIVE' as const),
});

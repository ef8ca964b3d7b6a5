import { type OutgoingEvent, outgoing } from '@erx/messaging';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';

/** 查阅全链: who read whose history, by which kind of key. */
export function historyRead(
  read: { by: string; personIds: string[]; prescriptionIds: string[] },
  call: Call,
  reference: Lookups,
): OutgoingEvent {
  const { actor, at: businessTime, machineAt: machineTime } = call;
  return outgoing(
    'erx.access.v1.HistoryRead',
    {
      context: { actor, judgement: { businessTime, machineTime, profileVersion: '', listVersions: [] } },
      ...read,
    },
    {
      source: 'audit',
      key: actor.clientId,
      at: machineTime,
      territory: [...reference.territory([actor.institutionId]), ...(actor.division === '' ? [] : [actor.division])],
    },
  );
}

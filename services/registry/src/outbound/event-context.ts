import type { Actor, EventContext } from '@erx/proto/common/v1/common';

/** Who changed reference data, and when. No profile or list judged it. */
export function eventContext(actor: Actor, businessTime: Date, machineTime: Date): EventContext {
  return { actor, judgement: { businessTime, machineTime, profileVersion: '', listVersions: [] } };
}

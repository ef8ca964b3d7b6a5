import type { Actor, EventContext } from '@erx/proto/common/v1/common';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';

/**
 * Who changes something, when, and the profile version it is judged by: stored with every movement and event. `place`:
 * division of the holder.
 */
export type Act = { actor: Actor; at: Date; machineAt: Date; profileVersion: string; place: string };

export function actOf(call: Pick<Call, 'actor' | 'at' | 'machineAt'>, holderId: string, reference: Lookups): Act {
  const division = reference.institution(holderId)?.division;
  const profile = division === undefined ? undefined : reference.profile(division, call.at);
  return {
    actor: call.actor,
    at: call.at,
    machineAt: call.machineAt,
    profileVersion: profile?.version ?? '',
    place: division ?? '',
  };
}

/** The act that a consumed event reports: its own actor and business time, at this machine's time. */
export function actOfEvent(
  context: EventContext | undefined,
  holderId: string,
  machineAt: Date,
  reference: Lookups,
): Act {
  const at = context?.judgement?.businessTime;
  if (context?.actor === undefined || at === undefined) throw new Error('the event does not say who and when');
  return actOf({ actor: context.actor, at, machineAt }, holderId, reference);
}

export function contextOf(act: Act): EventContext {
  const { actor, at: businessTime, machineAt: machineTime, profileVersion } = act;
  return { actor, judgement: { businessTime, machineTime, profileVersion, listVersions: [] } };
}

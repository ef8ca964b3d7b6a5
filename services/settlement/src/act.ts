import type { Actor, EventContext } from '@erx/proto/common/v1/common';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';

/** Who changes something, when, and by which profile and list versions it is judged: stored with every step and event. */
export type Act = { actor: Actor; at: Date; machineAt: Date; profileVersion: string; listVersions: string[] };

/** `pharmacyId`: where it happens; empty where nobody knows. */
export function actOf(call: Pick<Call, 'actor' | 'at' | 'machineAt'>, pharmacyId: string, reference: Lookups): Act {
  const division = reference.institution(pharmacyId)?.division;
  const profile = division === undefined ? undefined : reference.profile(division, call.at);
  const { actor, at, machineAt } = call;
  return { actor, at, machineAt, profileVersion: profile?.version ?? '', listVersions: [] };
}

/** The act that a consumed event reports: its own actor and business time, at this machine's time. */
export function actOfEvent(
  context: EventContext | undefined,
  pharmacyId: string,
  machineAt: Date,
  reference: Lookups,
): Act {
  const at = context?.judgement?.businessTime;
  if (context?.actor === undefined || at === undefined) throw new Error('the event does not say who and when');
  return actOf({ actor: context.actor, at, machineAt }, pharmacyId, reference);
}

export function contextOf({ actor, at, machineAt, profileVersion, listVersions }: Act): EventContext {
  return { actor, judgement: { businessTime: at, machineTime: machineAt, profileVersion, listVersions } };
}

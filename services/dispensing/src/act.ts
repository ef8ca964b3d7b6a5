import { UnavailableError } from '@erx/errors';
import type { Actor, EventContext } from '@erx/proto/common/v1/common';
import type { Lookups, ResolvedProfile } from '@erx/reference';
import type { Call } from '@erx/rpc';

/** Who changes something, when, and the profile version it is judged by: stored with every event. */
export type Act = { actor: Actor; at: Date; machineAt: Date; profileVersion: string };

/** The profile of a pharmacy's region; throws UnavailableError while the read copy has none. */
export function profileFor(pharmacyId: string, at: Date, reference: Lookups): ResolvedProfile {
  const profile = reference.profile(reference.institution(pharmacyId)?.division ?? '', at);
  if (profile === undefined) throw new UnavailableError('no region profile is known yet');
  return profile;
}

export function actOf({ actor, at, machineAt }: Call, profile: ResolvedProfile): Act {
  return { actor, at, machineAt, profileVersion: profile.version };
}

export function contextOf(act: Act): EventContext {
  const { actor, at: businessTime, machineAt: machineTime, profileVersion } = act;
  return { actor, judgement: { businessTime, machineTime, profileVersion, listVersions: [] } };
}

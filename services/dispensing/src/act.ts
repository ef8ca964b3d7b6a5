import { UnavailableError } from '@erx/errors';
import type { Actor, EventContext } from '@erx/proto/common/v1/common';
import type { Lookups, ResolvedProfile } from '@erx/reference';
import { type BusinessClock, type Call, systemActor } from '@erx/rpc';

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

/**
 * An act at no counter (hospital, hub): no rule of a region is asked, and the profile of the hospital's place, where
 * one is known, only stands with the event.
 */
export function actAtHospital(
  { actor, at, machineAt }: Omit<Act, 'profileVersion'>,
  hospitalId: string,
  reference: Lookups,
): Act {
  const division = reference.institution(hospitalId)?.division;
  const profile = division === undefined ? undefined : reference.profile(division, at);
  return { actor, at, machineAt, profileVersion: profile?.version ?? '' };
}

/** The hub's own act, now. */
export function ownAct(clock: BusinessClock, hospitalId: string, reference: Lookups): Act {
  return actAtHospital(
    { actor: systemActor('dispensing'), at: clock.now(), machineAt: clock.machine() },
    hospitalId,
    reference,
  );
}

export function contextOf(act: Act): EventContext {
  const { actor, at: businessTime, machineAt: machineTime, profileVersion } = act;
  return { actor, judgement: { businessTime, machineTime, profileVersion, listVersions: [] } };
}

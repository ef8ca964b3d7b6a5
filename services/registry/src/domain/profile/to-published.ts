import type { ProfilePublished } from '@erx/proto/registry/v1/registry_events';
import { parseInstant } from '@erx/values';
import type { RegionProfile } from '../../../profiles/region-profile.ts';

/** A profile file as the aggregate that is published; context and revision are given when it is. */
export function toPublished(profile: RegionProfile): ProfilePublished {
  return {
    context: undefined,
    code: profile.code,
    division: profile.division,
    parent: profile.parent,
    versions: profile.versions.map(({ version, from, to, values }) => ({
      version,
      effective: { from: startOf(from), to: to === undefined ? undefined : startOf(to) },
      values: Buffer.from(JSON.stringify(values)),
    })),
    revision: 0n,
  };
}

/** Rules change at midnight where they apply. */
function startOf(day: string): Date {
  const instant = parseInstant(`${day}T00:00:00+08:00`);
  if (instant === undefined) throw new Error(`profile: ${day} is no day`);
  return instant;
}

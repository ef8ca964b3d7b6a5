import type { ProfilePublished } from '@erx/proto/registry/v1/registry_events';
import { placesOf } from '@erx/values';
import { periodAt } from './periods.ts';
import type { ProfileValues } from './profile-values.ts';

export type ResolvedProfile = {
  values: ProfileValues;
  /** `100000@1+420000@1`: stored with every decision. */
  version: string;
  /** Division of the most specific profile found. */
  region: string;
};

const NATION = '100000';

/** HB-52: national, overlaid by province, overlaid by prefecture or city, each in its version at that time. */
export function resolveProfile(
  profiles: ReadonlyMap<string, ProfilePublished>,
  division: string,
  at: Date,
): ResolvedProfile | undefined {
  let values: Partial<ProfileValues> = {};
  const versions: string[] = [];
  let region = NATION;
  for (const place of [NATION, ...placesOf(division)]) {
    const profile = profiles.get(place);
    const version = profile && periodAt(profile.versions, (entry) => entry.effective, at);
    if (version === undefined) continue;
    values = { ...values, ...(JSON.parse(Buffer.from(version.values).toString()) as Partial<ProfileValues>) };
    versions.push(`${place}@${version.version}`);
    region = place;
  }
  return versions[0]?.startsWith(`${NATION}@`)
    ? { values: values as ProfileValues, version: versions.join('+'), region }
    : undefined;
}

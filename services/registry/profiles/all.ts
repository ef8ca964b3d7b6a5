import { hubei } from './hubei.ts';
import { jilin } from './jilin.ts';
import { national } from './national.ts';
import type { RegionProfile } from './region-profile.ts';

/** Every region that this release knows. A new region is a new file and a line here. */
export const profiles: readonly RegionProfile[] = [national, hubei, jilin];

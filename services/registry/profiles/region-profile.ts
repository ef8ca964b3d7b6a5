import type { ProfileValues } from '@erx/reference';

/** A dated version. `from` and `to` are business days (Asia/Shanghai); `to` is the first day that no longer counts. */
type ProfileVersion<Values> = { version: number; from: string; to?: string; values: Values };

/** The nation states every parameter; it has no parent. */
export type NationalProfile = {
  code: 'national';
  division: string;
  parent: '';
  versions: readonly ProfileVersion<ProfileValues>[];
};

/** HB-52: a region states only what its document says, everything else comes from its parent. */
export type RegionalProfile = {
  code: string;
  division: string;
  parent: string;
  versions: readonly ProfileVersion<Partial<ProfileValues>>[];
};

export type RegionProfile = NationalProfile | RegionalProfile;

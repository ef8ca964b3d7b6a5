import type { Period } from './records.ts';

// Dates of the world lie far enough back for every play and are open-ended, so that no clock has to be set.
const since = (day: string): Period => ({ from: `${day}T00:00:00+08:00` });

export const keysSince = since('2020-01-01');
/** Of keys that were changed since, and of licences that ran out. */
export const once: Period = { from: '2012-01-01T00:00:00+08:00', to: '2020-01-01T00:00:00+08:00' };
export const insuredSince = since('2019-01-01');
export const licensedSince = since('2015-01-01');
/** In force of the provincial rules: Hubei (HB-53), Jilin (JL-5a). */
export const schemeSince: Record<Province, Period> = { '420000': since('2023-07-30'), '220000': since('2025-04-25') };
/** A stretch that began with the scheme and is over. */
export const schemeOver: Record<Province, Period> = {
  '420000': { ...schemeSince['420000'], to: '2025-01-01T00:00:00+08:00' },
  '220000': { ...schemeSince['220000'], to: '2025-08-01T00:00:00+08:00' },
};

export const HUBEI = '420000';
export const JILIN = '220000';
export type Province = typeof HUBEI | typeof JILIN;

/** Ends at the end of that business day. */
export function until(period: Period, day: string): Period {
  return { from: period.from, to: new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).toISOString() };
}

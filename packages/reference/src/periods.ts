import type { Institution, Period, PublicKey } from '@erx/proto/registry/v1/registry_events';

/** Half-open: `from` counts, `to` does not. */
export function inPeriod(period: Period | undefined, at: Date): boolean {
  if (period?.from === undefined || at < period.from) return false;
  return period.to === undefined || at < period.to;
}

/** The entry in force at an instant; the latest start wins. */
export function periodAt<T>(list: readonly T[], periodOf: (entry: T) => Period | undefined, at: Date): T | undefined {
  let best: T | undefined;
  for (const entry of list) {
    const period = periodOf(entry);
    if (!inPeriod(period, at)) continue;
    const from = period?.from?.getTime() ?? 0;
    if (best === undefined || from >= (periodOf(best)?.from?.getTime() ?? 0)) best = entry;
  }
  return best;
}

/** SM-2: the status of a designation role at an instant; undefined when there never was one. */
export function activeDesignation(institution: Institution, role: string, at: Date): string | undefined {
  return periodAt(
    institution.designations.filter((entry) => entry.role === role),
    (entry) => entry.period,
    at,
  )?.status;
}

/** Keys on record that were valid when something was signed. */
export function keyAt(keys: readonly PublicKey[], at: Date): PublicKey[] {
  return keys.filter((key) => inPeriod(key.valid, at));
}

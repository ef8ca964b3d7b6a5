/** A span of time that contains `from` and not `to`; without `to` it has no end. */
export type Interval = { from: Date; to?: Date };

export function covers(interval: Interval, instant: Date): boolean {
  return interval.from <= instant && (interval.to === undefined || instant < interval.to);
}

/**
 * The entry of a history in force at an instant: of those that cover it, the one that began last, and of those the
 * one written last. Undefined when none covers it.
 */
export function at<T extends Interval>(list: readonly T[], instant: Date): T | undefined {
  let found: T | undefined;
  for (const entry of list) {
    if (covers(entry, instant) && (found === undefined || entry.from >= found.from)) found = entry;
  }
  return found;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second … failure; the last one stays. */
const PAUSES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
const LONGEST_WISH = 24 * HOUR;
/** From the first attempt on: a receiver that is away over a holiday misses nothing. */
const GIVE_UP_AFTER = 5 * 24 * HOUR;

/** Milliseconds before the next attempt. A receiver may ask for a longer pause (`Retry-After`), up to a day. */
export function pauseAfter(failures: number, wishedMs: number): number {
  const pause = PAUSES[Math.min(failures, PAUSES.length) - 1] ?? 0;
  return Math.max(pause, Math.min(wishedMs, LONGEST_WISH));
}

/** Is it time to give up, so long after the first attempt? What was given up is shown, and sent again when asked for. */
export function isGivenUp(firstTriedAt: Date, at: Date): boolean {
  return at.getTime() - firstTriedAt.getTime() >= GIVE_UP_AFTER;
}

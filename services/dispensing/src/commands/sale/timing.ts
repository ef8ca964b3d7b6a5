/** Milliseconds of machine time. */
export type SaleTiming = {
  /** How long a process may be silent before another one drives its sales on. */
  leaseMs: number;
  /** A part of the hub that was asked for a step has this long to answer; shorter than the lease. */
  answerMs: number;
  /** How long the caller waits before the answer is RUNNING; shorter than the caller's own deadline. */
  waitMs: number;
  /** Pause after the first try without an answer; doubles with each further one, up to the lease. */
  retryMs: number;
  /** How often sales to take up, and outcomes that are waited for, are looked for. */
  lookMs: number;
  /** Tries of one step before a sale that is not settled is given up. */
  maxAttempts: number;
};

export const defaultTiming: SaleTiming = {
  leaseMs: 8_000,
  answerMs: 3_000,
  waitMs: 3_500,
  retryMs: 250,
  lookMs: 250,
  maxAttempts: 6,
};

/** When a step that got no answer is tried again. `attempts`: those before this one. */
export function pauseAfter(attempts: number, { retryMs, leaseMs }: SaleTiming): number {
  return Math.min(retryMs * 2 ** Math.min(attempts, 16), leaseMs);
}

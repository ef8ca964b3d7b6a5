/** `perSecond` come back all the time, up to `burst` at once. */
export type Allowance = { perSecond: number; burst: number };

export type TokenBuckets = {
  /** What is left for this name at this time, in milliseconds. */
  left(name: string, at: number): number;
  /** Takes one; false when none is left. */
  take(name: string, at: number): boolean;
};

/** Token buckets by name, kept by this process alone. Nothing comes back while time goes backward. */
export function tokenBuckets({ perSecond, burst }: Allowance): TokenBuckets {
  const known = new Map<string, { left: number; at: number }>();
  const left = (name: string, at: number): number => {
    const bucket = known.get(name);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1_000) * perSecond);
  };
  return {
    left,
    take(name, at) {
      const rest = left(name, at);
      if (rest < 1) return false;
      known.set(name, { left: rest - 1, at });
      return true;
    },
  };
}

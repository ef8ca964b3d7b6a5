import { type Refused, refuse } from '@erx/errors';

/** `perSecond` come back all the time, up to `burst` at once. */
export type Allowance = { perSecond: number; burst: number };

type Buckets = {
  /** What is left for this name now. */
  left(name: string): number;
  /** Takes one; false when none is left. */
  take(name: string): boolean;
};

/** Token buckets by name. `now`: milliseconds of a clock that only goes forward. */
function buckets({ perSecond, burst }: Allowance, now: () => number): Buckets {
  const known = new Map<string, { left: number; at: number }>();
  const left = (name: string): number => {
    const bucket = known.get(name);
    return bucket === undefined ? burst : Math.min(burst, bucket.left + ((now() - bucket.at) / 1_000) * perSecond);
  };
  return {
    left,
    take(name) {
      const rest = left(name);
      if (rest < 1) return false;
      known.set(name, { left: rest - 1, at: now() });
      return true;
    },
  };
}

/** Refusals that whoever tries out numbers, codes and grants meets again and again. */
const guesses = new Set([
  'PRESCRIPTION_NOT_FOUND',
  'SALE_NOT_FOUND',
  'TRACE_CODE_UNKNOWN',
  'GRANT_INVALID',
  'CREDENTIAL_INVALID',
  'NOT_FOUND',
]);

export type Quotas = {
  /** TOO_MANY_REQUESTS when the client has asked too much, or has guessed too much at this. */
  admit(clientId: string, operation: string): Refused | undefined;
  /** Counts a wrong guess; true when it was the last that the client had for this operation. */
  isLastGuess(clientId: string, operation: string, refused: Refused): boolean;
  leftOf(clientId: string): { perSecond: number; burst: number; left: number };
};

/** How much one client may ask, and how often it may name what there is not. Kept by this process alone. */
export function openQuotas(requests: Allowance, wrong: Allowance, now: () => number): Quotas {
  const asked = buckets(requests, now);
  const guessed = buckets(wrong, now);
  const about = (clientId: string, operation: string): string => `${clientId} ${operation}`;
  return {
    admit(clientId, operation) {
      if (guessed.left(about(clientId, operation)) < 1)
        return refuse('TOO_MANY_REQUESTS', { problem: 'WRONG_GUESSES' });
      return asked.take(clientId) ? undefined : refuse('TOO_MANY_REQUESTS', { perSecond: String(requests.perSecond) });
    },
    isLastGuess(clientId, operation, { refused }) {
      if (!refused.some(({ code }) => guesses.has(code))) return false;
      const name = about(clientId, operation);
      guessed.take(name);
      return guessed.left(name) < 1;
    },
    leftOf: (clientId) => ({ ...requests, left: Math.floor(asked.left(clientId)) }),
  };
}

import { type Refused, refuse } from '@erx/errors';
import { type Allowance, tokenBuckets } from '@erx/rpc';

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

/**
 * How much one client may ask, and how often it may name what there is not. Kept by this process alone. `now`:
 * milliseconds.
 */
export function openQuotas(requests: Allowance, wrong: Allowance, now: () => number): Quotas {
  const asked = tokenBuckets(requests);
  const guessed = tokenBuckets(wrong);
  const about = (clientId: string, operation: string): string => `${clientId} ${operation}`;
  return {
    admit(clientId, operation) {
      if (guessed.left(about(clientId, operation), now()) < 1)
        return refuse('TOO_MANY_REQUESTS', { problem: 'WRONG_GUESSES' });
      return asked.take(clientId, now())
        ? undefined
        : refuse('TOO_MANY_REQUESTS', { perSecond: String(requests.perSecond) });
    },
    isLastGuess(clientId, operation, { refused }) {
      if (!refused.some(({ code }) => guesses.has(code))) return false;
      const name = about(clientId, operation);
      guessed.take(name, now());
      return guessed.left(name, now()) < 1;
    },
    leftOf: (clientId) => ({ ...requests, left: Math.floor(asked.left(clientId, now())) }),
  };
}

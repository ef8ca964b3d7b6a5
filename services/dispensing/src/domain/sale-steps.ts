import { type Refusal, refusal } from '@erx/errors';
import { formatInstant } from '@erx/values';
import type { Sale } from './sale.ts';

export type Progress = {
  /** Business time now, and when the quote ends. */
  now: Date;
  quoteExpiresAt: Date;
  /** Tries that got no answer, and how many are worth it. */
  attempts: number;
  maxAttempts: number;
};

export type Step =
  | { do: 'RESERVE' | 'SETTLE' | 'COMMIT' | 'RELEASE' | 'TAKE_BACK' | 'NOTHING' }
  | { do: 'GIVE_UP'; refusals: Refusal[] };

/**
 * What an unfinished sale or reversal needs next. Before the commit point it gives up what does not get on; a quote that ends counts
 * only as long as nothing is settled by it.
 */
export function nextStep({ state }: Sale, progress: Progress): Step {
  switch (state) {
    case 'INTENT':
    case 'RESERVED': {
      const hopeless = reasonToGiveUp(progress);
      if (hopeless !== undefined) return { do: 'GIVE_UP', refusals: [hopeless] };
      return { do: state === 'INTENT' ? 'RESERVE' : 'SETTLE' };
    }
    case 'SETTLED':
      if (progress.attempts >= progress.maxAttempts) return { do: 'GIVE_UP', refusals: [unavailable(progress)] };
      return { do: 'COMMIT' };
    case 'RELEASING':
      return { do: 'RELEASE' };
    case 'REVERSING':
      return { do: 'TAKE_BACK' };
    default:
      return { do: 'NOTHING' };
  }
}

function reasonToGiveUp(progress: Progress): Refusal | undefined {
  const { now, quoteExpiresAt, attempts, maxAttempts } = progress;
  if (now >= quoteExpiresAt) return refusal('SETTLE_QUOTE_STALE', { expiredAt: formatInstant(quoteExpiresAt) });
  return attempts >= maxAttempts ? unavailable(progress) : undefined;
}

function unavailable({ attempts }: Progress): Refusal {
  return refusal('SERVICE_UNAVAILABLE', { attempts: `${attempts}` });
}

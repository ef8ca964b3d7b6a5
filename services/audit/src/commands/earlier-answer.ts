import { type Refused, refuse } from '@erx/errors';
import type { claimRequest } from '@erx/postgres';

type Recalled<T> = Awaited<ReturnType<typeof claimRequest<T>>>;

/** What settles a repeated request: the stored answer, or the refusal of a key used for something else. */
export function earlierAnswer<T>(recalled: Recalled<T>): T | Refused | undefined {
  if (recalled === undefined) return undefined;
  if ('answer' in recalled) return recalled.answer;
  if ('reused' in recalled) return refuse('IDEMPOTENCY_KEY_REUSED');
  throw new Error('a request without answer: writes here answer in the transaction of their change');
}

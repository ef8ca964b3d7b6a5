import { type Refused, refuse } from '@erx/errors';
import type { recall } from '@erx/postgres';

/** What a repeat gets: the stored answer, or a refusal of a key that was used for something else. */
export function earlierAnswer<T>(recalled: Awaited<ReturnType<typeof recall<T>>>): T | Refused | undefined {
  if (recalled === undefined) return undefined;
  if ('answer' in recalled) return recalled.answer;
  if ('reused' in recalled) return refuse('IDEMPOTENCY_KEY_REUSED');
  throw new Error('a request without answer: this write answers in the transaction of its change');
}

import { type Refusal, refusal } from '@erx/errors';

/** The prescription that a new one shall replace, as far as it counts. */
export type Replaced = { hospitalId: string; personId: string; status: string; withdrawalAnsweredAt: Date | null };

/**
 * CX-28c 重开: only a withdrawn prescription of the same patient and hospital is replaced. One of somebody else is as unknown
 * as one that does not exist.
 */
export function replacementProblems(
  replaced: Replaced | undefined,
  { hospitalId, personId }: { hospitalId: string; personId: string },
): Refusal[] {
  if (replaced?.hospitalId !== hospitalId || replaced.personId !== personId) {
    return [refusal('REQUEST_INVALID', { problem: 'UNKNOWN_PRESCRIPTION' }, '/replaces')];
  }
  const withdrawn = replaced.status === 'WITHDRAWN' || replaced.withdrawalAnsweredAt !== null;
  if (withdrawn) return [];
  return [refusal('REQUEST_INVALID', { problem: 'NOT_WITHDRAWN', status: replaced.status }, '/replaces')];
}

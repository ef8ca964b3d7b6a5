// 冲正: may this sale be taken back, now and like this? Pure.
import { type Refusal, type Refused, refusal, refuse } from '@erx/errors';
import { businessMonth, formatInstant } from '@erx/values';
import { decideSale, type Sale } from './sale.ts';

export type Sold = { sale: Sale; soldAt: Date | undefined; handedOverAt: Date | undefined; codes: readonly string[] };
export type AskedReversal = { reason: string; leftCounter: readonly string[] };

/** Whole sale, before its hand-over and within its claim month (HB-33a); with a reason, and packs of this sale. */
export function reversalProblem(
  { sale, soldAt, handedOverAt, codes }: Sold,
  asked: AskedReversal,
  at: Date,
): Refused | undefined {
  if (handedOverAt !== undefined) {
    const figures = { state: sale.state, command: 'BeginReversal', handedOverAt: formatInstant(handedOverAt) };
    return refuse('INVALID_STATE_TRANSITION', figures);
  }
  const decision = decideSale(sale, { type: 'BeginReversal' });
  if ('refused' in decision) return decision;
  if (soldAt === undefined) throw new Error('a completed sale without its time');
  if (businessMonth(soldAt) !== businessMonth(at)) {
    return refuse('SETTLE_REVERSE_TOO_LATE', { soldAt: formatInstant(soldAt), claimMonth: businessMonth(soldAt) });
  }
  const refused = contentProblems(asked, codes);
  return refused.length > 0 ? { refused } : undefined;
}

function contentProblems({ reason, leftCounter }: AskedReversal, codes: readonly string[]): Refusal[] {
  const missing = reason.trim() === '' ? [refusal('REQUEST_INVALID', { problem: 'NO_REASON' }, '/reason')] : [];
  const wrong = leftCounter.flatMap((code, index) => {
    const field = `/leftCounter/${index}`;
    if (!codes.includes(code)) return [refusal('REQUEST_INVALID', { problem: 'NOT_OF_THIS_SALE' }, field)];
    const isFirst = leftCounter.indexOf(code) === index;
    return isFirst ? [] : [refusal('REQUEST_INVALID', { problem: 'CODE_TWICE' }, field)];
  });
  return [...missing, ...wrong];
}

import { type Refusal, refusal } from '@erx/errors';
import { isBelow } from '../diagnosis-codes.ts';
import { listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/**
 * CX-21d, HB-2b, HB-25b: a diagnosis of the prescription is in the limited payment scope (限定支付范围) of every drug. The
 * patient's diagnoses are not repeated in the figures.
 */
export function paymentScope(facts: PrecheckFacts): Refusal[] {
  const { diagnoses } = facts;
  // A missing diagnosis is the other rule's refusal.
  if (diagnoses.length === 0) return [];
  return listedLines(facts).flatMap(({ drugCode, entry, pointer }) => {
    const { scopeDiagnoses } = entry;
    if (scopeDiagnoses.length === 0 || diagnoses.some(({ code }) => isBelow(code, scopeDiagnoses))) return [];
    const figures = { drugCode, permitted: scopeDiagnoses.join(' '), listVersion: String(entry.version) };
    return [refusal('OFF_PAYMENT_SCOPE', figures, pointer)];
  });
}

import { type Refusal, refusal } from '@erx/errors';
import { isBelow } from '../diagnosis-codes.ts';
import { listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/**
 * JL-4-1b: the disease that a drug is given for is in the hospital's public list. Where the drug's payment scope names
 * diseases, another diagnosis of the patient does not stand in for them. An empty list sets no limit.
 */
export function diseaseScope(facts: PrecheckFacts): Refusal[] {
  const { diagnoses, hospital, profile } = facts;
  if (!profile.values.diseaseListRequired || hospital.diseases.length === 0 || diagnoses.length === 0) return [];
  return listedLines(facts).flatMap(({ drugCode, entry, pointer }) => {
    const treated = diagnoses.filter(({ code }) => isBelow(code, entry.scopeDiagnoses));
    const relevant = treated.length > 0 ? treated : diagnoses;
    if (relevant.some(({ code }) => isBelow(code, hospital.diseases))) return [];
    return [refusal('DISEASE_NOT_IN_INSTITUTION_SCOPE', { drugCode, hospitalId: hospital.institutionId }, pointer)];
  });
}

import { type Refusal, refusal } from '@erx/errors';
import { businessDate } from '@erx/values';
import { entriesFor } from '../list-entry.ts';
import type { LineFacts, PrecheckFacts } from '../precheck-facts.ts';

/** GJ-0b, HB-3a, CX-3c, CX-4c: every drug is in the region's list at the issue time, and none is under special control. */
export function drugInList(facts: PrecheckFacts): Refusal[] {
  return facts.lines.flatMap((line) => [...controlled(line), ...notListed(line, facts)]);
}

function controlled({ drug, drugCode, pointer }: LineFacts): Refusal[] {
  if (drug === undefined || drug.controlled === '') return [];
  return [refusal('DRUG_EXCLUDED_CATEGORY', { drugCode, controlled: drug.controlled }, `${pointer}/drugCode`)];
}

function notListed({ drug, entry, drugCode, pointer }: LineFacts, facts: PrecheckFacts): Refusal[] {
  if (entry !== undefined) return [];
  const { hospital, profile, issuedAt } = facts;
  const figures = { drugCode, date: businessDate(issuedAt), region: profile.region };
  const ends = (drug === undefined ? [] : entriesFor(drug, hospital.division, profile))
    .map(({ listed }) => listed?.to?.getTime() ?? Number.POSITIVE_INFINITY)
    .filter((end) => end <= issuedAt.getTime());
  if (ends.length === 0) return [refusal('DRUG_NOT_IN_SCHEME', figures, `${pointer}/drugCode`)];
  // The end of a period does not count any more: the last day in the list is the one before.
  const lastDay = businessDate(new Date(Math.max(...ends) - 1));
  return [refusal('DRUG_LIST_EXPIRED', { ...figures, lastDay }, `${pointer}/drugCode`)];
}

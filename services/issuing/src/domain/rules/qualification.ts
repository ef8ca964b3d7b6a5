import { type Refusal, type RefusalCode, refusal } from '@erx/errors';
import type { Drug } from '@erx/proto/registry/v1/registry_events';
import type { Filing } from '@erx/proto/registry/v1/registry_service';
import type { ProfileValues } from '@erx/reference';
import { businessDate, placesOf } from '@erx/values';
import { type ListedLine, listedLines, type PrecheckFacts } from '../precheck-facts.ts';

/** HB-7a, JL-3-1b: a filing (用药资格备案) covers every drug that needs one. */
export function qualification(facts: PrecheckFacts): Refusal[] {
  return listedLines(facts)
    .filter((line) => needsFiling(line, facts.profile.values))
    .flatMap((line) => (coveringFiling(line, facts) === undefined ? [whyNotCovered(line, facts)] : []));
}

/** The filing that a line was judged by; undefined where none covers it or none is needed. */
export function filingOf(line: ListedLine, facts: PrecheckFacts): Filing | undefined {
  return needsFiling(line, facts.profile.values) ? coveringFiling(line, facts) : undefined;
}

function needsFiling({ entry }: ListedLine, { qualificationRequired }: ProfileValues): boolean {
  switch (qualificationRequired) {
    case 'NONE':
      return false;
    case 'SPD_OUTPATIENT':
      return entry.drugClass === 'SEPARATE_PAY';
    case 'ALL_DCD':
      return true;
  }
}

function coveringFiling({ drug }: ListedLine, facts: PrecheckFacts): Filing | undefined {
  return filingsHere(facts).find((filing) => isFiledDrug(filing, drug, facts) && givesBenefit(filing, facts.issuedAt));
}

function whyNotCovered({ drug, drugCode, pointer }: ListedLine, facts: PrecheckFacts): Refusal {
  const { issuedAt } = facts;
  const figures = { drugCode, date: businessDate(issuedAt) };
  const filings = filingsHere(facts);
  const newest = filings.filter((filing) => isFiledDrug(filing, drug, facts)).toSorted(newestFirst(issuedAt))[0];
  if (newest !== undefined) {
    return refusal(codeOf(newest, issuedAt), { ...figures, status: newest.status, ...benefitDays(newest) }, pointer);
  }
  const valid = filings.filter((filing) => givesBenefit(filing, issuedAt));
  const otherForm = valid.find(({ genericName }) => genericName === drug.genericName);
  if (otherForm !== undefined) {
    const forms = { form: drug.dosageForm, filedForm: otherForm.dosageForm };
    return refusal('GENERIC_FORM_MISMATCH', { ...figures, ...forms }, pointer);
  }
  return refusal(valid.length > 0 ? 'QUALIFICATION_DRUG_MISMATCH' : 'QUALIFICATION_MISSING', figures, pointer);
}

/** HB-3c: a filing made anywhere in the province counts everywhere in it. */
function filingsHere({ filings, hospital }: PrecheckFacts): Filing[] {
  const [province] = placesOf(hospital.division);
  return filings.filter(({ region }) => placesOf(region)[0] === province);
}

/** CX-4a, HB-8b, JL-3-2a: filed is a substance in a form, not a brand. Catalogue remarks are not data of a drug yet. */
function isFiledDrug(filing: Filing, drug: Drug, { profile }: PrecheckFacts): boolean {
  if (filing.genericName !== drug.genericName) return false;
  return profile.values.drugMatchKey === 'GENERIC' || filing.dosageForm === drug.dosageForm;
}

/** SM-1: benefits are given in these three. HB-9c: while a reassessment is open, also beyond the day it was due. */
function givesBenefit({ status, benefit }: Filing, at: Date): boolean {
  if (benefit?.from === undefined || at < benefit.from) return false;
  if (status === 'REASSESSING') return true;
  const running = status === 'EFFECTIVE' || status === 'REASSESS_DUE';
  return running && (benefit.to === undefined || at < benefit.to);
}

function codeOf({ status, benefit }: Filing, at: Date): RefusalCode {
  switch (status) {
    case 'LAPSED':
      return 'QUALIFICATION_LAPSED';
    case 'TERMINATED':
      return 'QUALIFICATION_TERMINATED';
    case 'EXPIRED':
      return 'QUALIFICATION_EXPIRED';
    case 'REVOKED':
      return 'QUALIFICATION_REVOKED';
    default: {
      // The status may be older than the end of its period.
      const over = benefit?.to !== undefined && benefit.to <= at;
      if (!over) return 'QUALIFICATION_NOT_EFFECTIVE';
      return status === 'REASSESS_DUE' ? 'QUALIFICATION_LAPSED' : 'QUALIFICATION_EXPIRED';
    }
  }
}

/** One under way or still to begin says more than any that has ended; of these the one that began last. */
function newestFirst(at: Date): (a: Filing, b: Filing) => number {
  const rank = (filing: Filing) =>
    codeOf(filing, at) === 'QUALIFICATION_NOT_EFFECTIVE'
      ? Number.MAX_SAFE_INTEGER
      : (filing.benefit?.from?.getTime() ?? 0);
  return (a, b) => rank(b) - rank(a);
}

function benefitDays({ benefit }: Filing): Record<string, string> {
  return {
    ...(benefit?.from === undefined ? {} : { from: businessDate(benefit.from) }),
    ...(benefit?.to === undefined ? {} : { to: businessDate(benefit.to) }),
  };
}

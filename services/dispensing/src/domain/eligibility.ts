// May this pharmacy serve this prescription, by the rules of its region? Pure.
import { type Refusal, refusal } from '@erx/errors';
import type { Drug, Institution } from '@erx/proto/registry/v1/registry_events';
import { activeDesignation, type DrugClass, type ProfileValues } from '@erx/reference';
import { businessDate, placesOf } from '@erx/values';

export type EligibilityFacts = {
  pharmacy: Institution;
  /** Where the prescription was written; undefined when that hospital is not on record (any more). */
  hospital: Institution | undefined;
  diagnosisCodes: readonly string[];
  /** Classes as judged at the time of issue. */
  drugClasses: readonly string[];
  drugs: readonly Drug[];
  /** Profile of the pharmacy's region, today. */
  values: ProfileValues;
  at: Date;
};

/** Role and place first; what the pharmacy must be able to do is asked only of one that is in the scheme. */
export function eligibilityProblems(facts: EligibilityFacts): Refusal[] {
  const outside = [...roleProblems(facts), ...placeProblems(facts)];
  return outside.length > 0 ? outside : [...diseaseProblems(facts), ...storageProblems(facts)];
}

/** GJ-6c, HB-6b, HB-14, JL-1-2b: the designation that each class of drugs demands. */
function roleProblems({ pharmacy, drugClasses, values, at }: EligibilityFacts): Refusal[] {
  const byRole = Map.groupBy(new Set(drugClasses), (drugClass) => {
    const rule = values.institutionRuleByClass[drugClass as DrugClass] ?? values.institutionRuleDefault;
    return rule.pharmacy;
  });
  const refused: Refusal[] = [];
  for (const [role, classes] of byRole) {
    if (role === 'ANY_DESIGNATED') continue;
    const status = activeDesignation(pharmacy, role, at);
    if (status === 'ACTIVE') continue;
    const figures = { pharmacyId: pharmacy.institutionId, date: businessDate(at), role, status: status ?? 'NONE' };
    refused.push(refusal(codeFor(role, status), { ...figures, drugClasses: classes.join(' ') }));
  }
  return refused;
}

function codeFor(role: 'DUAL' | 'TREATING', status: string | undefined) {
  switch (status) {
    case 'SUSPENDED':
      return 'INSTITUTION_SUSPENDED';
    case 'EXITED_WITH_BAN':
    case 'EXITED_VOLUNTARY':
      return 'INSTITUTION_EXITED';
    default:
      return role === 'DUAL' ? 'PHARMACY_NOT_DUAL_CHANNEL' : 'INSTITUTION_NOT_TREATING';
  }
}

/** HB-3b, GX-2-1d: how far a prescription circulates. */
function placeProblems({ pharmacy, hospital, values }: EligibilityFacts): Refusal[] {
  const scope = values.rxPoolingScope;
  if (hospital !== undefined && areaOf(hospital, scope) === areaOf(pharmacy, scope)) return [];
  return [refusal('PRESCRIPTION_OUT_OF_POOLING_REGION', { pharmacyId: pharmacy.institutionId, scope })];
}

function areaOf({ division, poolingRegion }: Institution, scope: ProfileValues['rxPoolingScope']): string {
  const [province = '', prefecture = ''] = placesOf(division);
  switch (scope) {
    case 'PROVINCE':
      return province;
    case 'PREFECTURE':
      return `${province}/${prefecture}`;
    case 'POOLING_REGION':
      return poolingRegion;
  }
}

/** JL-4-1b: a diagnosis is in the pharmacy's public list; an empty list sets no limit. */
function diseaseProblems({ pharmacy, diagnosisCodes, values }: EligibilityFacts): Refusal[] {
  const { diseases, institutionId } = pharmacy;
  if (!values.diseaseListRequired || diseases.length === 0) return [];
  const treats = diagnosisCodes.some((code) => diseases.some((prefix) => code.startsWith(prefix)));
  return treats ? [] : [refusal('DISEASE_NOT_IN_INSTITUTION_SCOPE', { pharmacyId: institutionId })];
}

/** GJ-3c, HB-19-6b. */
function storageProblems({ pharmacy, drugs, values }: EligibilityFacts): Refusal[] {
  if (pharmacy.coldChain) return [];
  const cold = drugs.filter((drug) => needsColdChain(drug, values.coldChainRequired));
  if (cold.length === 0 && values.coldChainRequired !== 'ALL') return [];
  const figures = { pharmacyId: pharmacy.institutionId, drugCodes: cold.map(({ drugCode }) => drugCode).join(' ') };
  return [refusal('COLD_CHAIN_NOT_QUALIFIED', figures)];
}

function needsColdChain(drug: Drug, rule: ProfileValues['coldChainRequired']): boolean {
  switch (rule) {
    case 'NONE':
      return false;
    case 'SPECIAL_STORAGE':
      return drug.coldChain;
    case 'INJECTABLE_SERVICE':
      return drug.injectable;
    case 'ALL':
      return true;
  }
}

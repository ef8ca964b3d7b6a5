// Whether this can be settled at all, every reason at once. Pure.
import { type Refusal, type Refused, refusal } from '@erx/errors';
import type { Plan, PlanVersion } from '@erx/proto/registry/v1/registry_events';
import { businessDate, formatDecimal, lineTotal, MONEY_SCALE, placesOf, UNIT_PRICE_SCALE } from '@erx/values';
import type { PricedLine } from './amounts.ts';
import type { BasisFacts, LineFacts } from './basis-facts.ts';

/** `listVersion`: list entry at issue, then payment standard at sale. */
type PayableLine = PricedLine & { drugCode: string; listVersion: string };

export type Payable = {
  plan: Plan & { inForce: PlanVersion };
  lines: PayableLine[];
  /** Drug entries judged by, `XL01…@2`. */
  listVersions: string[];
};

// The national settlement tables keep unit prices as 16,6, quantities as 16,4 and money as 16,2.
const TOO_LARGE = 10n ** 16n;

/** The lines with their standards and the plan that pays, or every reason why not. */
export function judgeBasis(facts: BasisFacts): Payable | Refused {
  const form = formProblems(facts.lines);
  // Figures that no table can hold are not compared with anything.
  if (form.length > 0) return { refused: form };
  const refused = [...insuranceProblems(facts), ...categoryProblems(facts)];
  const lines: PayableLine[] = [];
  for (const line of facts.lines) {
    const judged = judgeLine(line, facts);
    if ('refusal' in judged) refused.push(judged.refusal);
    else lines.push(judged);
  }
  const { plan } = facts;
  if (refused.length > 0 || plan === undefined) return { refused };
  const listVersions = facts.lines.map(({ drugCode, entry }) => `${drugCode}@${entry?.version}`);
  return { plan, lines, listVersions };
}

function formProblems(lines: readonly LineFacts[]): Refusal[] {
  if (lines.length === 0) return [refusal('REQUEST_INVALID', { problem: 'EMPTY' }, '/lines')];
  const refused: Refusal[] = [];
  const seen = new Set<number>();
  let total = 0n;
  for (const { lineNo, quantity, unitPrice, pointer } of lines) {
    const fits = [quantity, unitPrice].every((figure) => figure > 0n && figure < TOO_LARGE);
    if (!fits) refused.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE' }, pointer));
    else total += lineTotal(unitPrice, quantity);
    if (seen.has(lineNo)) refused.push(refusal('REQUEST_INVALID', { problem: 'DUPLICATE' }, `${pointer}/lineNo`));
    seen.add(lineNo);
  }
  if (total >= TOO_LARGE) refused.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE' }, '/lines'));
  return refused;
}

/** CX-5a, HB-2a: benefits are active. HB-41a, JL-3-2c, CX-17c, HB-40b: where the sale is, seen from the insurance. */
function insuranceProblems({ basis: { insurance }, pharmacy, profile }: BasisFacts): Refusal[] {
  // Without an insurance in force there is no region to look from.
  if (!insurance.active) return [refusal('INSURED_STATUS_INACTIVE')];
  const home = insurance.poolingRegion;
  const figures = { poolingRegion: home, pharmacyRegion: pharmacy.poolingRegion };
  if (provinceOf(home) !== provinceOf(pharmacy.division)) return [refusal('CROSS_PROVINCE_NOT_SUPPORTED', figures)];
  if (home === pharmacy.poolingRegion || profile.values.remoteFilingRequired === 'NO_IN_PROVINCE') return [];
  const filed = new Set(insurance.remoteFilingRegions);
  if (placesOf(pharmacy.poolingRegion).some((place) => filed.has(place))) return [];
  return [refusal('REMOTE_FILING_REQUIRED', figures)];
}

/** HB-34a, HB-35: separately paid drugs under their own category. HB-38b: as prescribed, and a plan has to pay it. */
function categoryProblems({ basis, profile, lines, plan }: BasisFacts): Refusal[] {
  const { category, prescribedCategory, insurance } = basis;
  const special = profile.values.spdMedicalCategory;
  const separate = lines.some(({ drugClass }) => drugClass === 'SEPARATE_PAY');
  if (separate && special !== null && category !== special) {
    return [refusal('MED_CATEGORY_REQUIRED_110202', { category, required: special }, '/category')];
  }
  if (category !== prescribedCategory) {
    return [refusal('MED_CATEGORY_MISMATCH', { category, required: prescribedCategory }, '/category')];
  }
  if (plan !== undefined || !insurance.active) return [];
  const { poolingRegion, insuranceType } = insurance;
  const figures = { category, poolingRegion, insuranceType, problem: 'NO_PLAN_IN_FORCE' };
  return [refusal('MED_CATEGORY_MISMATCH', figures, '/category')];
}

/** CX-26b, HB-19-5, HB-21-3: above the standard blocked or split, by the profile of the place of sale. */
function judgeLine(line: LineFacts, { profile }: BasisFacts): PayableLine | { refusal: Refusal } {
  const { lineNo, drugCode, quantity, unitPrice, drug, entry, standard, pointer } = line;
  if (entry === undefined) {
    return { refusal: refusal('DRUG_NOT_IN_SCHEME', { drugCode, drugClass: line.drugClass }, pointer) };
  }
  if (standard === undefined) {
    return { refusal: refusal('NO_LISTING_PRICE', { drugCode, problem: 'NO_PAYMENT_STANDARD' }, pointer) };
  }
  const { negotiated, others } = profile.values.pharmacySaleAboveStandard;
  if (unitPrice > standard.unitPrice && (drug.negotiated ? negotiated : others) === 'BLOCK') {
    const figures = { drugCode, price: yuan(unitPrice), standard: yuan(standard.unitPrice) };
    return { refusal: refusal('PRICE_ABOVE_PAYMENT_STANDARD', figures, `${pointer}/unitPrice`) };
  }
  // A standard has no number of its own: authority and first day name it.
  const from = standard.valid?.from ?? new Date(0);
  const listVersion = `${entry.region}@${entry.version} ${standard.region}@${businessDate(from)}`;
  return { lineNo, drugCode, quantity, unitPrice, standard: standard.unitPrice, listVersion };
}

function provinceOf(division: string): string | undefined {
  return placesOf(division)[0];
}

function yuan(unitPrice: bigint): string {
  return formatDecimal(unitPrice, UNIT_PRICE_SCALE, MONEY_SCALE);
}

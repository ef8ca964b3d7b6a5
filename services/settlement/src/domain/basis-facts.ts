// What a quote or a settlement is judged by, found in reference data. Membership, class and list version are those of the
// issue; standard, plan and profile those of the sale. Pure.

import type { InsuranceFacts } from '@erx/proto/common/v1/common';
import type {
  Drug,
  Institution,
  ListEntry,
  PaymentStandard,
  Plan,
  PlanVersion,
} from '@erx/proto/registry/v1/registry_events';
import type { Basis, BasisLine } from '@erx/proto/settlement/v1/settlement_service';
import { inPeriod, type Lookups, periodAt, type ResolvedProfile } from '@erx/reference';
import { placesOf } from '@erx/values';

export type LineFacts = BasisLine & {
  /** JSON pointer into the request. */
  pointer: string;
  drug: Drug;
  entry: ListEntry | undefined;
  standard: PaymentStandard | undefined;
};

/** With all that a judgement needs. */
export type WholeBasis = Basis & { insurance: InsuranceFacts; prescribedAt: Date };

export type BasisFacts = {
  basis: WholeBasis;
  pharmacy: Institution;
  profile: ResolvedProfile;
  plan: (Plan & { inForce: PlanVersion }) | undefined;
  /** By line number: the order in which deductible and ceiling are used. */
  lines: LineFacts[];
};

const NATION = '100000';

/** Undefined when the read copy lacks an institution, a drug or the profile: it lags behind the one who asks. */
export function findFacts(basis: WholeBasis, reference: Lookups, at: Date): BasisFacts | undefined {
  const { insurance, prescribedAt } = basis;
  const pharmacy = reference.institution(basis.pharmacyId);
  const hospital = reference.institution(basis.hospitalId);
  const profile = pharmacy && reference.profile(pharmacy.division, at);
  if (pharmacy === undefined || hospital === undefined || profile === undefined) return undefined;
  const lines: LineFacts[] = [];
  for (const [index, line] of basis.lines.entries()) {
    const drug = reference.drug(line.drugCode);
    if (drug === undefined) return undefined;
    const entry = entryAt(drug, line.drugClass, hospital.division, prescribedAt);
    const standard = standardAt(drug, pharmacy.division, at);
    lines.push({ ...line, pointer: `/lines/${index}`, drug, entry, standard });
  }
  lines.sort((a, b) => a.lineNo - b.lineNo);
  const plan = reference.plan(insurance.poolingRegion, insurance.insuranceType, basis.category);
  const inForce = plan && periodAt(plan.versions, ({ valid }) => valid, at);
  return {
    basis,
    pharmacy,
    profile,
    plan: plan && inForce && { ...plan, inForce },
    lines,
  };
}

function entryAt(drug: Drug, drugClass: string, division: string, at: Date): ListEntry | undefined {
  const entries = drug.entries.filter((entry) => entry.drugClass === drugClass && inPeriod(entry.listed, at));
  return nearest(entries, division, ({ listed }) => listed?.from);
}

/** GJ-4a, HB-30: one standard for both channels, that of the place of sale. */
function standardAt(drug: Drug, division: string, at: Date): PaymentStandard | undefined {
  const standards = drug.standards.filter(({ valid }) => inPeriod(valid, at));
  return nearest(standards, division, ({ valid }) => valid?.from);
}

/** Of the nearest authority above a division, the one that began last. */
function nearest<T extends { region: string }>(
  list: readonly T[],
  division: string,
  startOf: (entry: T) => Date | undefined,
): T | undefined {
  const places = [NATION, ...placesOf(division)];
  const start = (entry: T) => startOf(entry)?.getTime() ?? 0;
  return list
    .filter(({ region }) => places.includes(region))
    .sort((a, b) => places.indexOf(b.region) - places.indexOf(a.region) || start(b) - start(a))
    .at(0);
}

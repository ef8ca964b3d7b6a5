import type { Refusal } from '@erx/errors';
import type { Drug, Institution, ListEntry, Practitioner } from '@erx/proto/registry/v1/registry_events';
import type { Filing, Insurance } from '@erx/proto/registry/v1/registry_service';
import type { ResolvedProfile } from '@erx/reference';
import { findListEntry } from './list-entry.ts';

/** What a doctor asks for. `quantity` in 10⁻⁴ packs. */
export type RequestedLine = { drugCode: string; quantity: bigint; days: number; usage: string };

/** A requested line with its drug and the drug's place in the list at the issue time, where it has one. */
export type LineFacts = RequestedLine & {
  lineNo: number;
  /** JSON pointer into the request. */
  pointer: string;
  drug: Drug | undefined;
  entry: ListEntry | undefined;
};
export type ListedLine = LineFacts & { drug: Drug; entry: ListEntry };

/** Everything that the rules of the pre-check look at. All rules are those of the issue time. */
export type PrecheckFacts = {
  issuedAt: Date;
  hospital: Institution;
  doctor: Practitioner | undefined;
  profile: ResolvedProfile;
  category: string;
  diagnoses: readonly { code: string }[];
  outflowReason: string;
  longPrescription: boolean;
  lines: readonly LineFacts[];
  insurances: readonly Insurance[];
  filings: readonly Filing[];
};

/** A rule of the pre-check: every reason against this prescription that it knows, none when it fits. */
export type Rule = (facts: PrecheckFacts) => Refusal[];

export function lineFacts(
  lines: readonly RequestedLine[],
  drugOf: (code: string) => Drug | undefined,
  { hospital, profile, issuedAt }: Pick<PrecheckFacts, 'hospital' | 'profile' | 'issuedAt'>,
): LineFacts[] {
  return lines.map((line, index) => {
    const drug = drugOf(line.drugCode);
    const entry = drug && findListEntry(drug, hospital.division, profile, issuedAt);
    return { ...line, lineNo: index + 1, pointer: `/lines/${index}`, drug, entry };
  });
}

/** Lines whose drug is in the list; what a class demands can be judged for these only. */
export function listedLines({ lines }: Pick<PrecheckFacts, 'lines'>): ListedLine[] {
  return lines.filter((line): line is ListedLine => line.drug !== undefined && line.entry !== undefined);
}

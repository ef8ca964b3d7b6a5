import type { Drug, ListEntry } from '@erx/proto/registry/v1/registry_events';
import { inPeriod, type ResolvedProfile } from '@erx/reference';
import { placesOf } from '@erx/values';

const NATION = '100000';

/**
 * Entries of a drug that could count in this division, at whatever time: kept by an authority above it, in a class of the
 * region's scheme (GJ-1a, HB-3a, JL-3-1a). The nearest authority stands first.
 */
export function entriesFor(drug: Drug, division: string, { values }: Pick<ResolvedProfile, 'values'>): ListEntry[] {
  const places = [NATION, ...placesOf(division)];
  const classes: readonly string[] = values.schemeDrugClasses;
  return drug.entries
    .filter((entry) => places.includes(entry.region) && classes.includes(entry.drugClass))
    .toSorted((a, b) => places.indexOf(b.region) - places.indexOf(a.region) || startOf(b) - startOf(a));
}

/** The entry in force: of the nearest authority, and of its entries the one that began last. */
export function findListEntry(
  drug: Drug,
  division: string,
  profile: Pick<ResolvedProfile, 'values'>,
  at: Date,
): ListEntry | undefined {
  return entriesFor(drug, division, profile).find((entry) => inPeriod(entry.listed, at));
}

function startOf(entry: ListEntry): number {
  return entry.listed?.from?.getTime() ?? 0;
}

import { placesOf } from '@erx/values';

/** The whole nation: every event belongs to it. */
export const NATION = '100000';

/**
 * Divisions in which an event gets a number: the nation, and each distinct province, prefecture and county of its places
 * (header `ce_territory`, six-digit codes joined by commas). A text that is no division code counts for nothing: the
 * event must not be lost for it. In ascending order, which is the order of locking.
 */
export function divisionsOf(territory: string | undefined): string[] {
  const places = (territory ?? '').split(',').filter((place) => /^\d{6}$/.test(place));
  return [...new Set([NATION, ...places.flatMap(placesOf)])].sort();
}

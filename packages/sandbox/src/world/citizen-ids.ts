import { citizenIdCheckDigit } from '@erx/values';
import type { Random } from './random.ts';

// No division of China begins with 99, so that no such number can belong to anybody.
const UNASSIGNED = '99';
const FIRST_YEAR = 1940;
const YEARS = 65;

/** Well-formed identity numbers of nobody: unassigned division, date of birth, serial, check digit; all different. */
export function citizenIds(random: Random, count: number): string[] {
  const two = (value: number): string => String(value).padStart(2, '0');
  return Array.from({ length: count }, (_, index) => {
    const division = UNASSIGNED + two(1 + random.below(98)) + two(1 + random.below(98));
    const birth = `${FIRST_YEAR + random.below(YEARS)}${two(1 + random.below(12))}${two(1 + random.below(28))}`;
    const first17 = `${division}${birth}${String(index + 100).padStart(3, '0')}`;
    return first17 + citizenIdCheckDigit(first17);
  });
}

/** Phone numbers of a segment that is not in public use, all different. */
export function phoneNumbers(random: Random, count: number): string[] {
  const start = 10_000 + random.below(1_000);
  return Array.from({ length: count }, (_, index) => `1549${String(start + index * 173).padStart(7, '0')}`);
}

import { isCalendarDate } from './calendar-date.ts';

export type CitizenIdProblem = 'LENGTH' | 'CHARACTERS' | 'DATE' | 'CHECK_DIGIT';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/**
 * The first thing wrong with a citizen identity number (GB 11643: division, birth date, serial, check digit),
 * undefined when it is well formed. The check digit X is upper case.
 * The division is not looked up: numbers keep the codes of places that were dissolved long ago.
 */
export function citizenIdProblem(text: string): CitizenIdProblem | undefined {
  if (text.length !== 18) return 'LENGTH';
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return 'CHARACTERS';
  if (!isCalendarDate(text.slice(6, 14))) return 'DATE';
  return citizenIdCheckDigit(text.slice(0, 17)) === text[17] ? undefined : 'CHECK_DIGIT';
}

/** ISO 7064 MOD 11-2 over the first 17 digits: '0' to '9' or 'X'. Throws RangeError for anything else. */
export function citizenIdCheckDigit(first17: string): string {
  if (!/^\d{17}$/.test(first17)) throw new RangeError('expected 17 digits');
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(first17[place]), 0);
  return CHECK_DIGITS.charAt(sum % 11);
}

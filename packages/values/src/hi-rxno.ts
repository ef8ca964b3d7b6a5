import { isCalendarDate } from './calendar-date.ts';
import { checkCharacter } from './iso7064.ts';

const DIGITS = '0123456789';
const SERIAL_DIGITS = 10;

/**
 * The insurance prescription number hiRxno: division (6), date (8), serial (10), check digit of ISO 7064
 * MOD 11,10: 25 digits. The layout is ours; the national tables fix only that it is text.
 * Throws RangeError for a bad division or date or a serial outside 0 .. 10¹⁰-1.
 */
export function makeHiRxno(division6: string, yyyymmdd: string, serial: bigint): string {
  if (!/^\d{6}$/.test(division6)) throw new RangeError('division: expected 6 digits');
  if (!isCalendarDate(yyyymmdd)) throw new RangeError('date: expected a day as yyyyMMdd');
  if (serial < 0n || serial >= 10n ** BigInt(SERIAL_DIGITS)) throw new RangeError('serial: expected up to 10 digits');
  const body = division6 + yyyymmdd + serial.toString().padStart(SERIAL_DIGITS, '0');
  return body + checkCharacter(body, DIGITS);
}

/** True for a number that `makeHiRxno` can have made. */
export function isHiRxno(text: string): boolean {
  return (
    /^\d{25}$/.test(text) &&
    isCalendarDate(text.slice(6, 14)) &&
    checkCharacter(text.slice(0, -1), DIGITS) === text.at(-1)
  );
}

import { isCalendarDate } from './calendar-date.ts';

const HOUR = 3_600_000;
/** Asia/Shanghai: UTC+8 all year. (Summer time ended in 1991, before anything the hub records.) */
const SHANGHAI = 8 * HOUR;

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const EARLIEST = Date.UTC(1_000, 0) - SHANGHAI;
/** Start of the year 10000 in Shanghai, which RFC 3339 cannot write. */
const FIVE_DIGIT_YEARS = Date.UTC(10_000, 0) - SHANGHAI;

/** The wall clock of Shanghai at that instant, as an ISO text whose Z is not meant. */
function shanghaiClock(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI).toISOString();
}

/** The business day an instant belongs to, 'YYYY-MM-DD'. Throws RangeError for an invalid Date. */
export function businessDate(instant: Date): string {
  return shanghaiClock(instant).slice(0, 10);
}

/** The month for claims and reports an instant belongs to, 'YYYY-MM'. Throws RangeError for an invalid Date. */
export function businessMonth(instant: Date): string {
  return shanghaiClock(instant).slice(0, 7);
}

/**
 * Reads an RFC 3339 instant: upper-case T and Z, the offset is required. Undefined otherwise, also for days that do
 * not exist, for leap seconds and for what is not in the years 1000 to 9999 of Shanghai. Digits beyond milliseconds are cut off.
 */
export function parseInstant(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  if (!isCalendarDate(year + month + day)) return undefined;
  const instant = new Date(text);
  return isInstant(instant) ? instant : undefined;
}

/** True in the years 1000 to 9999 of Shanghai, the instants that can be written and kept; false for an invalid Date. */
export function isInstant(date: Date): boolean {
  return date.getTime() >= EARLIEST && date.getTime() < FIVE_DIGIT_YEARS;
}

/**
 * RFC 3339 in Shanghai time, '2026-01-31T08:30:00+08:00'; milliseconds only when there are some.
 * Throws RangeError for an invalid Date.
 */
export function formatInstant(date: Date): string {
  return shanghaiClock(date).replace(/(?:\.000)?Z$/, '+08:00');
}

/** The same day and time of day so many years later; a leap day becomes the first of March. */
export function addYears(date: Date, years: number): Date {
  const end = new Date(date);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end;
}

/** A new Date so many hours (fractions allowed) later, or earlier when negative. */
export function addHours(date: Date, hours: number): Date {
  return new Date(date.getTime() + hours * HOUR);
}

/** True for a day of the Gregorian calendar in the years 1000 to 9999, given as 'yyyyMMdd'. */
export function isCalendarDate(yyyymmdd: string): boolean {
  const match = /^([1-9]\d{3})(\d{2})(\d{2})$/.exec(yyyymmdd);
  if (match === null) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  // Date moves 30 February on to March, so a wrong date comes back changed.
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

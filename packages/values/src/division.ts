const NATION = '100000';

/** Whether a place belongs to a division, at whatever level: its own county, prefecture or province, or the nation. */
export function liesIn(place: string, division: string): boolean {
  return /^\d{6}$/.test(place) && (division === NATION || placesOf(place).includes(division));
}

/**
 * The places a GB/T 2260 division lies in, itself included, coarse to fine: province, prefecture, county.
 * Counties directly under a province (xx90xx) have no prefecture, and xx9000 only groups them.
 * A matter of digits: whether the code exists is the registry's question. Throws RangeError unless six digits.
 */
export function placesOf(division6: string): string[] {
  if (!/^\d{6}$/.test(division6)) throw new RangeError('division: expected 6 digits');
  const province = `${division6.slice(0, 2)}0000`;
  const prefecture = `${division6.slice(0, 4)}00`;
  const places = [province];
  if (division6.slice(2, 4) !== '90') places.push(prefecture);
  if (!division6.endsWith('00')) places.push(division6);
  return [...new Set(places)];
}

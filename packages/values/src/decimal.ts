/** Hundredths of a yuan. Every amount of the hub is one; there are no floating amounts. */
export type Fen = bigint;

// Fraction digits of the national settlement tables: unit price 16,6, quantity 16,4, money 16,2.
/** Unit prices are counted in 10⁻⁶ yuan. */
export const UNIT_PRICE_SCALE = 6;
/** Quantities are counted in 10⁻⁴ of a pack. */
export const QUANTITY_SCALE = 4;
/** Money is counted in 10⁻² yuan, that is in fen. */
export const MONEY_SCALE = 2;

const PLAIN = /^(\d{1,19})(?:\.(\d{1,19}))?$/;
// Values are kept in 64-bit columns and fields.
const LARGEST = 2n ** 63n - 1n;

/**
 * The number in units of 10⁻ˢᶜᵃˡᵉ: `parseDecimal('12.5', 2)` is 1250n.
 * Undefined for everything but plain digits with an optional fraction (no sign, exponent, space or bare point),
 * for more fraction digits than `scale` even if they are zeros, and beyond 2⁶³-1 units.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = PLAIN.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > scale) return undefined;
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return value > LARGEST ? undefined : value;
}

/**
 * The inverse: the shortest text with at least `minFraction` fraction digits. `formatDecimal(1250n, 2)` is '12.5',
 * with minFraction 2 it is '12.50'. Negative values get a minus sign.
 */
export function formatDecimal(value: bigint, scale: number, minFraction = 0): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = digits.slice(point).replace(/0+$/, '').padEnd(minFraction, '0');
  return `${sign}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}

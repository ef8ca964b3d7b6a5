import { type Fen, MONEY_SCALE, QUANTITY_SCALE, UNIT_PRICE_SCALE } from './decimal.ts';

/** One whole pack, in quantity units of 10⁻⁴. */
export const WHOLE = 10_000n;

/** All of an amount, in basis points. */
const ALL = 10_000n;
const PRICE_TIMES_QUANTITY_PER_FEN = 10n ** BigInt(UNIT_PRICE_SCALE + QUANTITY_SCALE - MONEY_SCALE);

/**
 * Price times quantity in fen, rounded half up once, at the end.
 * `unitPriceMicro` in 10⁻⁶ yuan, `quantity` in 10⁻⁴ packs. Throws RangeError for a negative input.
 */
export function lineTotal(unitPriceMicro: bigint, quantity: bigint): Fen {
  return divideHalfUp(unitPriceMicro, quantity, PRICE_TIMES_QUANTITY_PER_FEN);
}

/** That part of an amount, rounded half up to fen; 8,000 basis points are 80 %. Throws RangeError for a negative input. */
export function share(fen: Fen, basisPoints: bigint): Fen {
  return divideHalfUp(fen, basisPoints, ALL);
}

// Half up is defined for amounts; a reversal negates a computed figure instead of computing with a minus.
function divideHalfUp(a: bigint, b: bigint, divisor: bigint): bigint {
  if (a < 0n || b < 0n) throw new RangeError('amounts are computed from non-negative figures only');
  return (a * b + divisor / 2n) / divisor;
}

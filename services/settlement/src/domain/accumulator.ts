// What a person used of a plan's deductible (起付线) and ceiling (封顶线) in one year. Pure.
import type { Left } from './amounts.ts';

/** In fen. */
export type Used = { deductible: bigint; basic: bigint };

/** Never negative: a plan whose new version has a lower ceiling leaves nothing, and takes nothing back. */
export function leftOf(plan: { deductibleFen: bigint; ceilingFen?: bigint | undefined }, used: Used): Left {
  const deductible = rest(plan.deductibleFen, used.deductible);
  return plan.ceilingFen === undefined ? { deductible } : { deductible, ceiling: rest(plan.ceilingFen, used.basic) };
}

export function charge(used: Used, sale: Used): Used {
  return { deductible: used.deductible + sale.deductible, basic: used.basic + sale.basic };
}

/** A reversed sale gives back what it used; later sales keep their amounts. */
export function creditBack(used: Used, sale: Used): Used {
  if (used.deductible < sale.deductible || used.basic < sale.basic) {
    throw new Error('a sale gives back more than the year has used');
  }
  return { deductible: used.deductible - sale.deductible, basic: used.basic - sale.basic };
}

function rest(limit: bigint, used: bigint): bigint {
  return used < limit ? limit - used : 0n;
}

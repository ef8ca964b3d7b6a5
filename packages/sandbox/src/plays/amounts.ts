import { lineTotal, parseDecimal, share, UNIT_PRICE_SCALE, WHOLE } from '@erx/values';
import type { Amounts } from '../clients/types.ts';
import type { World } from '../world/world.ts';
import { Surprise } from './outcome.ts';
import type { Basket, Visit } from './visit.ts';

/**
 * Looks over the hub's shoulder (requirements 10.1). Where the plan keeps no account over the year (no deductible,
 * ceiling or further layer) every fen is known beforehand; elsewhere the parts have to sum up to a known total.
 */
export function checkAmounts(world: World, visit: Visit, basket: Basket, got: Amounts): void {
  const plan = planOf(world, visit);
  const lines = basket.map(({ lineNo, packs, unitPrice }) => {
    const drug = visit.lines[lineNo - 1]?.drug;
    const price = micro(unitPrice);
    const standard = micro(drug?.standard ?? '');
    const quantity = BigInt(packs) * WHOLE;
    const total = lineTotal(price, quantity);
    const over = price > standard ? price - standard : 0n;
    const inScope = lineTotal(price - over, quantity);
    const firstSelf = share(inScope, BigInt(plan.firstSelfBp));
    return { total, basic: share(inScope - firstSelf, BigInt(plan.basicBp)) };
  });
  const sum = (part: 'total' | 'basic') => Number(lines.reduce((all, line) => all + line[part], 0n));
  const paid = got.basicFen + got.seriousFen + got.aidFen + got.patientFen;
  if (got.totalFen !== sum('total')) throw new Surprise(`amounts: total ${got.totalFen} instead of ${sum('total')}`);
  if (paid !== got.totalFen) throw new Surprise(`amounts: parts sum to ${paid} instead of ${got.totalFen}`);
  const isPlain = plan.deductibleFen === 0 && plan.ceilingFen === undefined && plan.seriousBp === 0 && plan.aidBp === 0;
  if (isPlain && got.basicFen !== sum('basic')) {
    throw new Surprise(`amounts: fund ${got.basicFen} instead of ${sum('basic')}`);
  }
}

/** The plan that this prescription is settled under. */
export function planOf({ plans }: World, { person, category }: Visit) {
  const plan = plans.find(
    (each) =>
      each.poolingRegion === person.region && each.insuranceType === person.insuranceType && each.category === category,
  );
  const version = plan?.versions.at(-1);
  if (version === undefined) throw new RangeError(`no plan in ${person.region} for ${category}`);
  return version;
}

function micro(text: string): bigint {
  const value = parseDecimal(text, UNIT_PRICE_SCALE);
  if (value === undefined) throw new RangeError(`no price: ${text}`);
  return value;
}

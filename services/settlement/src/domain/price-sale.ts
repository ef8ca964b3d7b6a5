// From what can be paid to the amounts as the contract names them. Pure.
import type { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { leftOf, type Used } from './accumulator.ts';
import { amountsOf, sumOf } from './amounts.ts';
import type { Payable } from './judge-basis.ts';

export type Priced = {
  amounts: Amounts;
  /** What the sale takes from deductible and ceiling of the year. */
  use: Used;
};

export function priceSale({ plan, lines }: Payable, category: string, used: Used): Priced {
  const priced = amountsOf(lines, plan.inForce, leftOf(plan.inForce, used));
  const { deductible, ...sum } = sumOf(priced);
  const planVersion = `${plan.planId}@${plan.inForce.version}`;
  return {
    amounts: { ...sum, lines: priced.map((line) => ({ ...line, category, planVersion })) },
    use: { deductible, basic: sum.basic },
  };
}

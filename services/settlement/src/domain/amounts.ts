// The amount model of requirements 10.1, line by line, exact in fen, half up per step. Pure.
import { lineTotal, share } from '@erx/values';

/** Quantity in 10⁻⁴ packs, prices in 10⁻⁶ yuan per pack. */
export type PricedLine = { lineNo: number; quantity: bigint; unitPrice: bigint; standard: bigint };

/** Figures of a plan version: ratios in basis points, thresholds in fen. */
export type PlanFigures = {
  firstSelfBp: number;
  basicBp: number;
  /** Serious illness (大病保险) above the threshold, of every line; 0 means no such layer. */
  seriousBp: number;
  seriousThresholdFen: bigint;
  /** Medical aid (医疗救助) of the rest; 0 means no such layer. */
  aidBp: number;
};

/** What the year has left, in fen. Without `ceiling` the basic layer has none. */
export type Left = { deductible: bigint; ceiling?: bigint };

/** All in fen; `over` is the part above the payment standard, which no layer pays (HB-31-4, CX-12b). */
export type LineAmounts = {
  total: bigint;
  inScope: bigint;
  over: bigint;
  firstSelf: bigint;
  deductible: bigint;
  base: bigint;
  basic: bigint;
  serious: bigint;
  aid: bigint;
  patient: bigint;
};

/** Amounts of the lines in their order: an earlier line uses deductible and ceiling first. */
export function amountsOf<L extends PricedLine>(
  lines: readonly L[],
  plan: PlanFigures,
  left: Left,
): (L & LineAmounts)[] {
  const rest = { ...left };
  return lines.map((line) => {
    const amounts = lineAmounts(line, plan, rest);
    rest.deductible -= amounts.deductible;
    if (rest.ceiling !== undefined) rest.ceiling -= amounts.basic;
    return { ...line, ...amounts };
  });
}

function lineAmounts({ quantity, unitPrice, standard }: PricedLine, plan: PlanFigures, left: Left): LineAmounts {
  const total = lineTotal(unitPrice, quantity);
  const inScope = lineTotal(least(unitPrice, standard), quantity);
  const firstSelf = share(inScope, BigInt(plan.firstSelfBp));
  const deductible = least(left.deductible, inScope - firstSelf);
  const base = inScope - firstSelf - deductible;
  const rounded = share(base, BigInt(plan.basicBp));
  const basic = left.ceiling === undefined ? rounded : least(rounded, left.ceiling);
  const serious = share(atLeastZero(base - basic - plan.seriousThresholdFen), BigInt(plan.seriousBp));
  const aid = share(base - basic - serious, BigInt(plan.aidBp));
  const patient = total - basic - serious - aid;
  return { total, inScope, over: total - inScope, firstSelf, deductible, base, basic, serious, aid, patient };
}

type Layers = Pick<LineAmounts, 'total' | 'basic' | 'serious' | 'aid' | 'patient' | 'deductible'>;

/** Sums of a sale. */
export function sumOf(lines: readonly LineAmounts[]): Layers {
  const sum: Layers = { total: 0n, basic: 0n, serious: 0n, aid: 0n, patient: 0n, deductible: 0n };
  for (const line of lines) {
    for (const part of Object.keys(sum) as (keyof Layers)[]) sum[part] += line[part];
  }
  return sum;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value;
}

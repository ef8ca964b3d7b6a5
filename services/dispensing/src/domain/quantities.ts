import { type Refusal, refusal } from '@erx/errors';
import { formatDecimal, QUANTITY_SCALE, WHOLE } from '@erx/values';
import type { Line } from './prescription.ts';

type Asked = { lineNo: number; quantity: bigint };

/**
 * May these quantities be sold? Whole packs, at most what is open, each line once. A line that the doctor did not write
 * is a tied sale (CX-14-4b). All problems at once, with pointers into the list that was asked for.
 */
export function quantityProblems(lines: readonly Line[], asked: readonly Asked[]): Refusal[] {
  if (asked.length === 0) return [refusal('REQUEST_INVALID', { problem: 'NO_LINES' }, '/lines')];
  return asked.flatMap(({ lineNo, quantity }, index) => {
    const at = (field: string) => `/lines/${index}/${field}`;
    const line = lines.find((each) => each.lineNo === lineNo);
    if (line === undefined) return [refusal('CROSS_SELL_FORBIDDEN', { lineNo: `${lineNo}` }, at('lineNo'))];
    if (asked.findIndex((each) => each.lineNo === lineNo) < index) {
      return [refusal('REQUEST_INVALID', { problem: 'LINE_TWICE' }, at('lineNo'))];
    }
    if (quantity <= 0n) return [refusal('REQUEST_INVALID', { problem: 'NOT_POSITIVE' }, at('quantity'))];
    if (quantity > line.open || quantity % WHOLE !== 0n) {
      return [refusal('QTY_OVER_LIMIT', { asked: packs(quantity), left: packs(line.open), step: '1' }, at('quantity'))];
    }
    return [];
  });
}

/** 10⁻⁴ packs as decimal text. */
export function packs(quantity: bigint): string {
  return formatDecimal(quantity, QUANTITY_SCALE);
}

export function hold(lines: readonly Line[], asked: readonly Asked[]): Line[] {
  return lines.map((line) => {
    const quantity = asked.find(({ lineNo }) => lineNo === line.lineNo)?.quantity ?? 0n;
    return { ...line, open: line.open - quantity, held: line.held + quantity };
  });
}

/** One sale is in flight at a time, so whatever is held belongs to it. */
export function sellHeld(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, held: 0n, sold: line.sold + line.held }));
}

export function openHeld(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, held: 0n, open: line.open + line.held }));
}

/** A reversed sale gives back what it sold. */
export function reopenSold(lines: readonly Line[], sold: readonly Asked[]): Line[] {
  return lines.map((line) => {
    const quantity = sold.find(({ lineNo }) => lineNo === line.lineNo)?.quantity ?? 0n;
    return { ...line, open: line.open + quantity, sold: line.sold - quantity };
  });
}

/** Nothing stays open: it is withdrawn or expired from here on. */
export function closeOpen(lines: readonly Line[], into: 'withdrawn' | 'expired'): Line[] {
  return lines.map((line) => ({ ...line, open: 0n, [into]: line[into] + line.open }));
}

/** What could be sold now, line by line. */
export function openOf(lines: readonly Line[]): Asked[] {
  return lines.filter(({ open }) => open > 0n).map(({ lineNo, open: quantity }) => ({ lineNo, quantity }));
}

/** Nothing is left to sell. */
export function isUsedUp(lines: readonly Line[]): boolean {
  return lines.every((line) => line.open === 0n && line.held === 0n);
}

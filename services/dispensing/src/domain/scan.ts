import { type Refusal, refusal } from '@erx/errors';
import { WHOLE } from '@erx/values';
import { packs } from './quantities.ts';
import type { QuotedLine } from './quote-token.ts';

export type ScannedLine = { lineNo: number; traceCodes: readonly string[] };

/**
 * Do the scanned packs fit what was quoted? One trace code for each pack (CX-14-3c), nothing beside the prescription
 * (CX-14-4b). Whether the codes are good is traceability's question. All problems at once.
 */
export function scanProblems(
  prescribed: readonly { lineNo: number }[],
  quoted: readonly QuotedLine[],
  scanned: readonly ScannedLine[],
): Refusal[] {
  const problems = scanned.flatMap(({ lineNo, traceCodes }, index) => {
    const field = `/lines/${index}/lineNo`;
    if (!prescribed.some((line) => line.lineNo === lineNo)) {
      return [refusal('CROSS_SELL_FORBIDDEN', { lineNo: `${lineNo}` }, field)];
    }
    const expected = quoted.find((line) => line.lineNo === lineNo);
    if (expected === undefined) return [refusal('REQUEST_INVALID', { problem: 'NOT_QUOTED' }, field)];
    if (scanned.findIndex((line) => line.lineNo === lineNo) < index) {
      return [refusal('REQUEST_INVALID', { problem: 'LINE_TWICE' }, field)];
    }
    if (BigInt(traceCodes.length) * WHOLE === expected.quantity) return [];
    return [codesMissing(expected, traceCodes.length, `/lines/${index}/traceCodes`)];
  });
  const forgotten = quoted
    .filter(({ lineNo }) => !scanned.some((line) => line.lineNo === lineNo))
    .map((line) => codesMissing(line, 0, '/lines'));
  return [...problems, ...forgotten];
}

function codesMissing({ lineNo, quantity }: QuotedLine, scanned: number, field: string): Refusal {
  return refusal('TRACE_CODE_MISSING', { lineNo: `${lineNo}`, packs: packs(quantity), scanned: `${scanned}` }, field);
}

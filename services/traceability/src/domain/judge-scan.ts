// What was scanned at the counter, judged package by package; every reason at once. Pure.
import { isRefused, type Refusal, type Refused, refusal } from '@erx/errors';
import { parseTraceCode } from '@erx/values';
import { decide, evolve, type TraceCode } from './trace-code.ts';

export type ScannedLine = { lineNo: number; drugCode: string; traceCodes: readonly string[] };
export type Scan = { saleId: string; holderId: string; lines: readonly ScannedLine[]; at: Date };

/** Well-formed codes of the scan, each once, in sorted order: the order in which their rows are locked. */
export function codesToLock(lines: readonly ScannedLine[]): string[] {
  const codes = lines.flatMap((line) => line.traceCodes).filter((code) => !('malformed' in parseTraceCode(code)));
  return [...new Set(codes)].sort();
}

/**
 * The packages as the sale would hold them, or the refusals `TRACE_CODE_…` with the place of each scan
 * (`/lines/0/traceCodes/1`). `known`: packages on record by code.
 */
export function judgeScan(scan: Scan, known: ReadonlyMap<string, TraceCode>): { reserved: TraceCode[] } | Refused {
  const reserved: TraceCode[] = [];
  const refused: Refusal[] = [];
  const firstSeen = new Map<string, string>();
  if (scan.lines.length === 0) refused.push(refusal('TRACE_CODE_MISSING', undefined, '/lines'));
  for (const [index, line] of scan.lines.entries()) {
    if (line.traceCodes.length === 0) {
      refused.push(refusal('TRACE_CODE_MISSING', { lineNo: String(line.lineNo) }, `/lines/${index}/traceCodes`));
    }
    for (const [position, traceCode] of line.traceCodes.entries()) {
      const field = `/lines/${index}/traceCodes/${position}`;
      const before = firstSeen.get(traceCode);
      if (before !== undefined) {
        refused.push(refusal('TRACE_CODE_DUPLICATE', { traceCode, firstAt: before }, field));
        continue;
      }
      firstSeen.set(traceCode, field);
      const outcome = judgeOne(scan, line, traceCode, field, known.get(traceCode));
      if (isRefused(outcome)) refused.push(...outcome.refused);
      else reserved.push(outcome);
    }
  }
  return refused.length > 0 ? { refused } : { reserved };
}

function judgeOne(
  { saleId, holderId, at }: Scan,
  { lineNo, drugCode }: ScannedLine,
  traceCode: string,
  field: string,
  code: TraceCode | undefined,
): TraceCode | Refused {
  // What was scanned is not repeated here: a misread can be anything, also somebody's identity number.
  if ('malformed' in parseTraceCode(traceCode)) return { refused: [refusal('TRACE_CODE_MALFORMED', undefined, field)] };
  if (code === undefined) return { refused: [refusal('TRACE_CODE_UNKNOWN', { traceCode }, field)] };
  const decision = decide(code, { type: 'Reserve', saleId, lineNo, holderId, drugCode, at, field });
  return isRefused(decision) ? decision : decision.events.reduce(evolve, code);
}

// SM-11: one package (追溯码) from receipt to sale. Pure.
import { type Refusal, type Refused, refusal } from '@erx/errors';
import { formatInstant } from '@erx/values';

/** `since`: business time of the newest change of state. */
type Package = { traceCode: string; drugCode: string; batchNo: string; holderId: string; since: Date };

export type TraceCode = Package &
  ({ state: 'RECEIVED' | 'QUARANTINED' | 'RECALLED' } | { state: 'RESERVED' | 'SOLD'; saleId: string; lineNo: number });

export type CodeCommand =
  /** `holderId`, `drugCode`: who sells and what the prescription line asks for. `field`: where the code was scanned. */
  | { type: 'Reserve'; saleId: string; lineNo: number; holderId: string; drugCode: string; at: Date; field: string }
  | { type: 'Release'; at: Date }
  | { type: 'Sell'; at: Date };

export type CodeEvent =
  | { type: 'Reserved'; saleId: string; lineNo: number; at: Date }
  | { type: 'Released'; at: Date }
  | { type: 'Sold'; at: Date };

/** Which command is allowed in which state. Nothing leads to QUARANTINED or RECALLED in this version. */
export const transitions = [
  { from: 'RECEIVED', command: 'Reserve', to: 'RESERVED' },
  { from: 'RESERVED', command: 'Release', to: 'RECEIVED' },
  { from: 'RESERVED', command: 'Sell', to: 'SOLD' },
] as const satisfies readonly { from: TraceCode['state']; command: CodeCommand['type']; to: TraceCode['state'] }[];

/** One event, or every reason why not. */
export function decide(code: TraceCode, command: CodeCommand): { events: CodeEvent[] } | Refused {
  const refused = command.type === 'Reserve' ? reasonsAgainstSale(code, command) : [];
  if (refused.length > 0) return { refused };
  if (!transitions.some(({ from, command: type }) => from === code.state && type === command.type)) {
    const figures = { traceCode: code.traceCode, state: code.state, command: command.type };
    return { refused: [refusal('INVALID_STATE_TRANSITION', figures)] };
  }
  switch (command.type) {
    case 'Reserve':
      return { events: [{ type: 'Reserved', saleId: command.saleId, lineNo: command.lineNo, at: command.at }] };
    case 'Release':
      return { events: [{ type: 'Released', at: command.at }] };
    case 'Sell':
      return { events: [{ type: 'Sold', at: command.at }] };
  }
}

// CX-14-3c, GJ-3a, CX-14-3d. Who else holds the package, or in which sale it is, is nobody's business at this counter.
function reasonsAgainstSale(code: TraceCode, command: CodeCommand & { type: 'Reserve' }): Refusal[] {
  const { traceCode } = code;
  const since = formatInstant(code.since);
  const refused: Refusal[] = [];
  if (code.state === 'RESERVED' || code.state === 'SOLD') {
    refused.push(refusal('TRACE_CODE_DUPLICATE', { traceCode, state: code.state, since }, command.field));
  }
  if (code.state === 'QUARANTINED' || code.state === 'RECALLED') {
    const figures = { traceCode, state: code.state, since, batchNo: code.batchNo };
    refused.push(refusal('TRACE_CODE_RECALLED', figures, command.field));
  }
  if (code.holderId !== command.holderId) refused.push(refusal('TRACE_CODE_NOT_HELD', { traceCode }, command.field));
  if (code.drugCode !== command.drugCode) {
    const figures = { traceCode, drugCode: code.drugCode, expected: command.drugCode };
    refused.push(refusal('TRACE_CODE_PRODUCT_MISMATCH', figures, command.field));
  }
  return refused;
}

export function evolve(code: TraceCode, event: CodeEvent): TraceCode {
  const { traceCode, drugCode, batchNo, holderId } = code;
  const same = { traceCode, drugCode, batchNo, holderId, since: event.at };
  switch (event.type) {
    case 'Reserved':
      return { ...same, state: 'RESERVED', saleId: event.saleId, lineNo: event.lineNo };
    case 'Released':
      return { ...same, state: 'RECEIVED' };
    case 'Sold':
      if (code.state !== 'RESERVED') throw new Error(`a ${code.state} package cannot become sold`);
      return { ...same, state: 'SOLD', saleId: code.saleId, lineNo: code.lineNo };
  }
}

// SM-11: one package (追溯码) from receipt to hand-over, and every way aside. Pure.
import { type Refused, refusal } from '@erx/errors';
import { formatInstant } from '@erx/values';
import type { CodeCommand, CodeEvent, CodeState, TraceCode } from './code.ts';
import { reasonsAgainstHandOver, reasonsAgainstMove, reasonsAgainstSale } from './reasons.ts';

export { type CodeCommand, type CodeEvent, type CodeState, type MoveKind, moveKinds, type TraceCode } from './code.ts';

/** Which command is allowed in which state. Where one leads to several, the mark of a recall or the counter decides. */
export const transitions = [
  { from: 'RECEIVED', command: 'Reserve', to: 'RESERVED' },
  { from: 'RESERVED', command: 'Release', to: 'RECEIVED' },
  { from: 'RESERVED', command: 'Release', to: 'RECALLED' },
  { from: 'RESERVED', command: 'Sell', to: 'SOLD' },
  { from: 'RESERVED', command: 'Clear', to: 'RESERVED' },
  { from: 'SOLD', command: 'Clear', to: 'SOLD' },
  { from: 'SOLD', command: 'HandOver', to: 'HANDED_OVER' },
  { from: 'QUARANTINED', command: 'HandOver', to: 'QUARANTINED' },
  { from: 'RESERVED', command: 'Return', to: 'RECEIVED' },
  { from: 'RESERVED', command: 'Return', to: 'QUARANTINED' },
  { from: 'RESERVED', command: 'Return', to: 'RECALLED' },
  { from: 'SOLD', command: 'Return', to: 'RECEIVED' },
  { from: 'SOLD', command: 'Return', to: 'QUARANTINED' },
  { from: 'SOLD', command: 'Return', to: 'RECALLED' },
  { from: 'QUARANTINED', command: 'Return', to: 'QUARANTINED' },
  { from: 'QUARANTINED', command: 'Return', to: 'RECALLED' },
  { from: 'RECEIVED', command: 'Open', to: 'OPENED' },
  { from: 'PACKED', command: 'Unpack', to: 'RECEIVED' },
  { from: 'SOLD', command: 'Quarantine', to: 'QUARANTINED' },
  { from: 'HANDED_OVER', command: 'Quarantine', to: 'QUARANTINED' },
  { from: 'RECEIVED', command: 'Recall', to: 'RECALLED' },
  { from: 'PACKED', command: 'Recall', to: 'RECALLED' },
  { from: 'OPENED', command: 'Recall', to: 'OPENED' },
  { from: 'RESERVED', command: 'Recall', to: 'RESERVED' },
  { from: 'SOLD', command: 'Recall', to: 'SOLD' },
  { from: 'HANDED_OVER', command: 'Recall', to: 'HANDED_OVER' },
  { from: 'LOST', command: 'Recall', to: 'LOST' },
  { from: 'DAMAGED', command: 'Recall', to: 'DAMAGED' },
  { from: 'SUPPLIER_RETURNED', command: 'Recall', to: 'SUPPLIER_RETURNED' },
  { from: 'QUARANTINED', command: 'Recall', to: 'QUARANTINED' },
  { from: 'RECEIVED', command: 'TRANSFER', to: 'RECEIVED' },
  { from: 'PACKED', command: 'TRANSFER', to: 'PACKED' },
  { from: 'RECEIVED', command: 'LOSS', to: 'LOST' },
  { from: 'PACKED', command: 'LOSS', to: 'LOST' },
  { from: 'QUARANTINED', command: 'LOSS', to: 'LOST' },
  { from: 'RECALLED', command: 'LOSS', to: 'LOST' },
  { from: 'LOST', command: 'GAIN', to: 'RECEIVED' },
  { from: 'LOST', command: 'GAIN', to: 'PACKED' },
  { from: 'LOST', command: 'GAIN', to: 'QUARANTINED' },
  { from: 'LOST', command: 'GAIN', to: 'RECALLED' },
  { from: 'RECEIVED', command: 'DAMAGE', to: 'DAMAGED' },
  { from: 'PACKED', command: 'DAMAGE', to: 'DAMAGED' },
  { from: 'QUARANTINED', command: 'DAMAGE', to: 'DAMAGED' },
  { from: 'RECALLED', command: 'DAMAGE', to: 'DAMAGED' },
  { from: 'RECEIVED', command: 'SUPPLIER_RETURN', to: 'SUPPLIER_RETURNED' },
  { from: 'PACKED', command: 'SUPPLIER_RETURN', to: 'SUPPLIER_RETURNED' },
  { from: 'QUARANTINED', command: 'SUPPLIER_RETURN', to: 'SUPPLIER_RETURNED' },
  { from: 'RECALLED', command: 'SUPPLIER_RETURN', to: 'SUPPLIER_RETURNED' },
  { from: 'HANDED_OVER', command: 'QUALITY_RETURN', to: 'QUARANTINED' },
] as const satisfies readonly { from: CodeState; command: CodeCommand['type']; to: CodeState }[];

/** One event (none for a recall of what is recalled), or every reason why not. */
export function decide(code: TraceCode, command: CodeCommand): { events: CodeEvent[] } | Refused {
  const ways = transitions.filter(({ from, command: type }) => from === code.state && type === command.type);
  const reasons = reasonsAgainst(code, command, ways.length > 0);
  if (reasons.length > 0) return { refused: reasons };
  const [way] = ways;
  if (way === undefined || !fits(code, command)) {
    const figures = { traceCode: code.traceCode, state: code.state, since: formatInstant(code.since) };
    return { refused: [refusal('INVALID_STATE_TRANSITION', { ...figures, command: command.type })] };
  }
  const { at } = command;
  switch (command.type) {
    case 'Reserve':
      return { events: [{ type: 'Reserved', saleId: command.saleId, lineNo: command.lineNo, at }] };
    case 'Release':
      return { events: [{ type: 'Freed', state: inStock(code), at }] };
    case 'Sell':
      return { events: [{ type: 'Sold', at }] };
    case 'Clear':
      return { events: [{ type: 'Cleared', at }] };
    case 'HandOver':
      return { events: [{ type: 'HandedOver', at }] };
    case 'Return':
      return { events: [{ type: 'Freed', state: afterReversal(code, command.leftCounter), at }] };
    case 'Recall':
      return { events: code.recalledAt === undefined ? [{ type: 'Recalled', at }] : [] };
    case 'GAIN':
      return { events: [{ type: 'Moved', state: found(code, command.inside), holderId: code.holderId, at }] };
    case 'TRANSFER':
      return { events: [{ type: 'Moved', state: way.to, holderId: command.toHolderId, at }] };
    default:
      return { events: [{ type: 'Moved', state: way.to, holderId: code.holderId, at }] };
  }
}

function reasonsAgainst(code: TraceCode, command: CodeCommand, listed: boolean) {
  if (command.type === 'Reserve') return reasonsAgainstSale(code, command);
  if (command.type === 'Clear') return reasonsAgainstHandOver(code);
  return 'toHolderId' in command ? reasonsAgainstMove(code, command, listed) : [];
}

// A larger pack can be opened only if it has parts, and only what a sale has can be handed over or returned.
function fits(code: TraceCode, command: CodeCommand): boolean {
  if (command.type === 'Open') return code.parts > 0;
  if (command.type === 'HandOver' || command.type === 'Return') return code.sale !== undefined && !code.handedOver;
  return true;
}

/** As a recall lists it. A package that was cleared for its hand-over is not stopped by it any more. */
export function stateAtRecall(code: TraceCode): CodeState | 'HANDING_OVER' {
  return code.clearedAt !== undefined && !code.handedOver && code.sale !== undefined ? 'HANDING_OVER' : code.state;
}

const inStock = (code: TraceCode): 'RECEIVED' | 'RECALLED' => (code.recalledAt === undefined ? 'RECEIVED' : 'RECALLED');

function afterReversal(code: TraceCode, leftCounter: boolean): 'RECEIVED' | 'QUARANTINED' | 'RECALLED' {
  if (code.recalledAt !== undefined) return 'RECALLED';
  return leftCounter || code.state === 'QUARANTINED' ? 'QUARANTINED' : 'RECEIVED';
}

// What was sold once never goes back to stock that can be sold.
function found(code: TraceCode, inside: boolean): CodeState {
  if (code.sale !== undefined) return 'QUARANTINED';
  if (code.recalledAt !== undefined) return 'RECALLED';
  return inside ? 'PACKED' : 'RECEIVED';
}

export function evolve(code: TraceCode, event: CodeEvent): TraceCode {
  const { at } = event;
  switch (event.type) {
    case 'Reserved':
      return { ...code, state: 'RESERVED', since: at, sale: { saleId: event.saleId, lineNo: event.lineNo } };
    case 'Sold':
      if (code.state !== 'RESERVED') throw new Error(`a ${code.state} package cannot become sold`);
      return { ...code, state: 'SOLD', since: at };
    case 'Cleared':
      return { ...code, clearedAt: at };
    case 'HandedOver':
      if (code.sale === undefined) throw new Error('a package without a sale cannot be handed over');
      return code.state === 'SOLD'
        ? { ...code, state: 'HANDED_OVER', since: at, handedOver: true }
        : { ...code, handedOver: true };
    case 'Freed':
      return { ...code, state: event.state, since: at, sale: undefined, clearedAt: undefined };
    case 'Recalled':
      return code.state === 'RECEIVED' || code.state === 'PACKED'
        ? { ...code, state: 'RECALLED', since: at, recalledAt: at }
        : { ...code, recalledAt: at };
    case 'Moved':
      return { ...code, state: event.state, since: at, holderId: event.holderId };
  }
}

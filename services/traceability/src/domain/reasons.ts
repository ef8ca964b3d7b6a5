// Why a package may not be sold or booked; every reason at once, with its figures. Pure.
import { type Refusal, refusal } from '@erx/errors';
import { formatInstant } from '@erx/values';
import type { CodeCommand, Move, TraceCode } from './code.ts';

const taken = (code: TraceCode): boolean => ['RESERVED', 'SOLD', 'HANDED_OVER'].includes(code.state);
const blocked = (code: TraceCode): boolean => ['QUARANTINED', 'RECALLED'].includes(code.state);
/** Not in anybody's stock, or not as a pack of its own. */
const absent = (code: TraceCode): boolean =>
  ['PACKED', 'OPENED', 'LOST', 'DAMAGED', 'SUPPLIER_RETURNED'].includes(code.state);

// CX-14-3c, GJ-3a, CX-14-3d. Who else holds the package, or in which sale it is, is nobody's business at this counter.
export function reasonsAgainstSale(code: TraceCode, command: CodeCommand & { type: 'Reserve' }): Refusal[] {
  const { traceCode } = code;
  const { field } = command;
  const figures = { traceCode, state: code.state, since: formatInstant(code.since) };
  const refused: Refusal[] = [];
  if (taken(code)) refused.push(refusal('TRACE_CODE_DUPLICATE', figures, field));
  if (blocked(code)) refused.push(refusal('TRACE_CODE_RECALLED', { ...figures, batchNo: code.batchNo }, field));
  if (code.holderId !== command.holderId) refused.push(refusal('TRACE_CODE_NOT_HELD', { traceCode }, field));
  if (code.drugCode !== command.drugCode) {
    const compared = { traceCode, drugCode: code.drugCode, expected: command.drugCode };
    refused.push(refusal('TRACE_CODE_PRODUCT_MISMATCH', compared, field));
  } else if (code.parts > 0) {
    // A case of packs is not one pack of the prescription.
    refused.push(refusal('TRACE_CODE_PRODUCT_MISMATCH', { traceCode, parts: String(code.parts) }, field));
  }
  if (absent(code)) refused.push(refusal('INVALID_STATE_TRANSITION', { ...figures, ...inside(code) }, field));
  return refused;
}

/** CX-14-3d: recalled or quarantined since it was scanned. */
export function reasonsAgainstHandOver({ traceCode, state, batchNo, since, recalledAt }: TraceCode): Refusal[] {
  if (recalledAt === undefined && state !== 'QUARANTINED') return [];
  const [blockedAs, at] = recalledAt === undefined ? [state, since] : ['RECALLED', recalledAt];
  return [refusal('TRACE_CODE_RECALLED', { traceCode, state: blockedAs, batchNo, since: formatInstant(at) })];
}

/** `listed`: the state as such allows the booking. Of a package that somebody else holds nothing more is told. */
export function reasonsAgainstMove(code: TraceCode, command: Move, listed: boolean): Refusal[] {
  const { traceCode } = code;
  const { field } = command;
  if (code.holderId !== command.holderId) return [refusal('TRACE_CODE_NOT_HELD', { traceCode }, field)];
  const figures = { traceCode, state: code.state, since: formatInstant(code.since), command: command.type };
  const packed = code.state === 'PACKED' && !command.inside;
  // The sale it was quarantined in is still to be handed over or reversed, and that decides about the package.
  const undecided = code.state === 'QUARANTINED' && code.sale !== undefined && !code.handedOver;
  if (listed && !packed && !undecided) return [];
  if (undecided || command.type === 'QUALITY_RETURN') return [refusal('INVALID_STATE_TRANSITION', figures, field)];
  if (taken(code)) return [refusal('TRACE_CODE_DUPLICATE', figures, field)];
  if (blocked(code)) return [refusal('TRACE_CODE_RECALLED', { ...figures, batchNo: code.batchNo }, field)];
  return [refusal('INVALID_STATE_TRANSITION', { ...figures, ...inside(code) }, field)];
}

const inside = (code: TraceCode): Record<string, string> =>
  code.state === 'PACKED' && code.parentCode !== undefined ? { parentCode: code.parentCode } : {};

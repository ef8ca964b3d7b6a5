// Any booking beside receipt and sale (出入库), judged code by code; the contents of a closed pack move with it. Pure.
import { isRefused, type Refusal, type Refused, refusal } from '@erx/errors';
import { parseTraceCode } from '@erx/values';
import { type BadCode, type BatchMode, CODES_PER_CALL_MAX, refusedWith } from './batch.ts';
import { isLabel } from './judge-notes.ts';
import { decide, evolve, type MoveKind, moveKinds, type TraceCode } from './trace-code.ts';

export type MoveNote = {
  noteId: string;
  kind: MoveKind;
  holderId: string;
  toHolderId: string;
  traceCodes: readonly string[];
  reason: string;
};

export type MoveFacts = {
  at: Date;
  /** Packages on record, the contents of packs among them. */
  known: ReadonlyMap<string, TraceCode>;
  /** Everything inside a pack, by the pack's code. */
  insideOf(traceCode: string): readonly string[];
};

/** `moved`: every package that changes, contents too; `booked`: those that were named. */
export type JudgedMove = { moved: TraceCode[]; booked: number; bad: BadCode[] };

const REASON = /^[^\p{Cc}]{1,200}$/u;

export function isMoveKind(text: string): text is MoveKind {
  return (moveKinds as readonly string[]).includes(text);
}

/** What is wrong with the note itself. */
export function moveHeadProblems(note: MoveNote, isPharmacy: (id: string) => boolean): Refusal[] {
  const transfer = note.kind === 'TRANSFER';
  const takes = isPharmacy(note.toHolderId) && note.toHolderId !== note.holderId;
  const checks: [boolean, string][] = [
    [isLabel(note.noteId), 'noteId'],
    [isMoveKind(note.kind), 'kind'],
    [transfer ? takes : note.toHolderId === '', 'toHolderId'],
    [note.traceCodes.length > 0 && note.traceCodes.length <= CODES_PER_CALL_MAX, 'traceCodes'],
    // A transfer has its paper; whatever else changes the stock is explained.
    [REASON.test(note.reason) || (transfer && note.reason === ''), 'reason'],
  ];
  return checks.filter(([holds]) => !holds).map(([, name]) => refusal('REQUEST_INVALID', undefined, `/${name}`));
}

export function judgeMove(note: MoveNote, facts: MoveFacts, mode: BatchMode): JudgedMove | Refused {
  const bad: BadCode[] = [];
  const moved: TraceCode[] = [];
  const seenAt = new Map<string, string>();
  for (const [position, traceCode] of note.traceCodes.entries()) {
    const field = `/traceCodes/${position}`;
    const outcome = moveOne(note, traceCode, field, facts, seenAt);
    if (isRefused(outcome)) {
      const misread = outcome.refused[0]?.code === 'TRACE_CODE_MALFORMED';
      bad.push({ traceCode: misread ? '' : traceCode, refusals: [...outcome.refused] });
    } else moved.push(...outcome);
  }
  if (mode === 'ALL_OR_NOTHING' && bad.length > 0) return refusedWith(bad.flatMap(({ refusals }) => refusals));
  return { moved, booked: note.traceCodes.length - bad.length, bad };
}

function moveOne(
  { kind, holderId, toHolderId }: MoveNote,
  traceCode: string,
  field: string,
  { at, known, insideOf }: MoveFacts,
  seenAt: Map<string, string>,
): TraceCode[] | Refused {
  if ('malformed' in parseTraceCode(traceCode)) return { refused: [refusal('TRACE_CODE_MALFORMED', undefined, field)] };
  const firstAt = seenAt.get(traceCode);
  if (firstAt !== undefined) return { refused: [refusal('TRACE_CODE_DUPLICATE', { traceCode, firstAt }, field)] };
  seenAt.set(traceCode, field);
  const moved: TraceCode[] = [];
  for (const each of [traceCode, ...insideOf(traceCode)]) {
    const code = known.get(each);
    if (code === undefined) return { refused: [refusal('TRACE_CODE_UNKNOWN', { traceCode }, field)] };
    const inside = each !== traceCode;
    const decision = decide(code, { type: kind, holderId, toHolderId, inside, at, field });
    if (isRefused(decision)) return decision;
    moved.push(decision.events.reduce(evolve, code));
  }
  return moved;
}

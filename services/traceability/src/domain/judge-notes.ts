// Delivery notes as they are handed in, judged before anything is written; every problem at once. Pure.
import { type Refusal, type Refused, refusal } from '@erx/errors';
import { formatInstant, parseInstant, parseTraceCode } from '@erx/values';
import { type BadCode, type BatchMode, refusedWith } from './batch.ts';
import { packingProblem } from './packing.ts';
import type { TraceCode } from './trace-code.ts';

export type Note = {
  noteId: string;
  holderId: string;
  drugCode: string;
  batchNo: string;
  /** yyyy-mm-dd. */
  expiresOn: string;
  traceCodes: readonly string[];
  /** Pack around each code that has one. */
  parents: Readonly<Record<string, string>>;
};

export type NoteFacts = {
  /** Content hash in hex of notes on record, by `noteKey`. */
  hashOfNote: ReadonlyMap<string, string>;
  /** Packages on record, by code. */
  known: ReadonlyMap<string, TraceCode>;
  /** Content hash in hex of a note that was handed in. */
  hashOf(note: Note): string;
  isPharmacy(institutionId: string): boolean;
  isDrug(drugCode: string): boolean;
  /** Product whose codes begin with these seven digits. */
  drugOfPrefix(prefix: string): string | undefined;
};

/** `fresh`: new notes with the codes to book. `repeated`: notes on record with the same content. */
export type JudgedNotes = { fresh: Note[]; repeated: Note[]; bad: BadCode[] };

export const NOTES_PER_CALL_MAX = 20;
export const CODES_PER_NOTE_MAX = 2_000;
const LABEL = /^[^\p{Cc}]{1,64}$/u;

export const isLabel = (text: string): boolean => LABEL.test(text);
/** Numbers of notes are given by each holder. */
export const noteKey = (note: { holderId: string; noteId: string }): string => `${note.holderId}\n${note.noteId}`;

/** What can be on record at all: the database does not take every text that a client may send. */
export function wellFormed(notes: readonly Note[]): { notes: Note[]; codes: string[] } {
  const codes = notes.flatMap(({ traceCodes }) => traceCodes).filter((code) => !('malformed' in parseTraceCode(code)));
  return {
    notes: notes.filter(({ noteId, holderId }) => isLabel(noteId) && isLabel(holderId)),
    codes: [...new Set(codes)].sort(),
  };
}

/** A fault of a note's head refuses the call in either mode; faults of codes do so when all must be booked or none. */
export function judgeNotes(notes: readonly Note[], facts: NoteFacts, mode: BatchMode): JudgedNotes | Refused {
  if (notes.length === 0 || notes.length > NOTES_PER_CALL_MAX) {
    const figures = { notes: String(notes.length), max: String(NOTES_PER_CALL_MAX) };
    return { refused: [refusal('REQUEST_INVALID', figures, '/notes')] };
  }
  const judged: JudgedNotes = { fresh: [], repeated: [], bad: [] };
  const refused: Refusal[] = [];
  const heads: Refusal[] = [];
  const keys = new Set<string>();
  const seenAt = new Map<string, string>();
  for (const [index, note] of notes.entries()) {
    const place = `/notes/${index}`;
    const recorded = facts.hashOfNote.get(noteKey(note));
    if (keys.has(noteKey(note)) || (recorded !== undefined && recorded !== facts.hashOf(note))) {
      heads.push(refusal('REQUEST_INVALID', { noteId: note.noteId, problem: 'OTHER_CONTENT' }, `${place}/noteId`));
      refused.push(...heads.slice(-1));
    } else if (recorded === undefined) {
      const head = headProblems(note, place, facts);
      const { good, bad } = judgeCodes(note, place, facts, seenAt);
      heads.push(...head);
      refused.push(...head, ...bad.flatMap(({ refusals }) => refusals));
      judged.bad.push(...bad);
      if (good.length > 0) judged.fresh.push({ ...note, traceCodes: good });
    } else judged.repeated.push(note);
    keys.add(noteKey(note));
  }
  if (heads.length > 0 || (mode === 'ALL_OR_NOTHING' && refused.length > 0)) {
    return refusedWith(mode === 'EACH' ? heads : refused);
  }
  return judged;
}

function headProblems(note: Note, place: string, facts: NoteFacts): Refusal[] {
  const checks: [boolean, string][] = [
    [isLabel(note.noteId), 'noteId'],
    [facts.isPharmacy(note.holderId), 'holderId'],
    [facts.isDrug(note.drugCode), 'drugCode'],
    [isLabel(note.batchNo), 'batchNo'],
    [parseInstant(`${note.expiresOn}T00:00:00Z`) !== undefined, 'expiresOn'],
    [note.traceCodes.length > 0 && note.traceCodes.length <= CODES_PER_NOTE_MAX, 'traceCodes'],
    [packsOwnCodes(note), 'parents'],
  ];
  return checks
    .filter(([holds]) => !holds)
    .map(([, name]) => refusal('REQUEST_INVALID', undefined, `${place}/${name}`));
}

function packsOwnCodes({ parents, traceCodes }: Note): boolean {
  const codes = new Set(traceCodes);
  return Object.keys(parents).every((part) => codes.has(part));
}

function judgeCodes(
  note: Note,
  place: string,
  facts: NoteFacts,
  seenAt: Map<string, string>,
): { good: string[]; bad: BadCode[] } {
  const bad: BadCode[] = [];
  const good = new Map<string, string>();
  for (const [position, traceCode] of note.traceCodes.entries()) {
    const field = `${place}/traceCodes/${position}`;
    const refusals = codeProblems(note, traceCode, field, facts, seenAt);
    if (refusals.length === 0) good.set(traceCode, field);
    else bad.push({ traceCode: refusals[0]?.code === 'TRACE_CODE_MALFORMED' ? '' : traceCode, refusals });
  }
  // A package whose pack is not booked is not booked either; so again until nothing changes.
  for (let before = -1; before !== good.size; ) {
    before = good.size;
    for (const [traceCode, field] of good) {
      const problem = packingProblem(traceCode, note.parents, good, field);
      if (problem === undefined) continue;
      bad.push({ traceCode, refusals: [problem] });
      good.delete(traceCode);
    }
  }
  return { good: [...good.keys()], bad };
}

function codeProblems(
  note: Note,
  traceCode: string,
  field: string,
  facts: NoteFacts,
  seenAt: Map<string, string>,
): Refusal[] {
  const parsed = parseTraceCode(traceCode);
  if ('malformed' in parsed) return [refusal('TRACE_CODE_MALFORMED', undefined, field)];
  const refused: Refusal[] = [];
  if (facts.drugOfPrefix(parsed.prefix) !== note.drugCode) {
    refused.push(refusal('TRACE_CODE_PRODUCT_MISMATCH', { traceCode, expected: note.drugCode }, field));
  }
  const before = seenAt.get(traceCode);
  const known = facts.known.get(traceCode);
  if (before !== undefined) refused.push(refusal('TRACE_CODE_DUPLICATE', { traceCode, firstAt: before }, field));
  else if (known !== undefined && !mayComeAgain(known, note)) {
    // Who else has it is nobody's business here; of the own stock the state says what to look for.
    const own = { state: known.state, since: formatInstant(known.since) };
    refused.push(
      refusal('TRACE_CODE_DUPLICATE', { traceCode, ...(known.holderId === note.holderId ? own : {}) }, field),
    );
  } else seenAt.set(traceCode, field);
  return refused;
}

/** A single pack that went back to its supplier may be delivered again, to whomever. */
export function mayComeAgain(known: TraceCode, note: Pick<Note, 'drugCode' | 'batchNo'>): boolean {
  return (
    known.state === 'SUPPLIER_RETURNED' &&
    known.sale === undefined &&
    known.parts === 0 &&
    known.drugCode === note.drugCode &&
    known.batchNo === note.batchNo
  );
}

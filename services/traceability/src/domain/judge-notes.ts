// Delivery notes as the authority hands them in, judged before anything is written; every problem at once. Pure.
import { type Refusal, type Refused, refusal } from '@erx/errors';
import { parseInstant, parseTraceCode } from '@erx/values';

export type Note = {
  noteId: string;
  holderId: string;
  drugCode: string;
  batchNo: string;
  /** yyyy-mm-dd. */
  expiresOn: string;
  traceCodes: readonly string[];
};

export type NoteFacts = {
  /** Content hash in hex of notes on record, by note id. */
  hashOfNote: ReadonlyMap<string, string>;
  /** Codes on record. */
  knownCodes: ReadonlySet<string>;
  /** Content hash in hex of a note that was handed in. */
  hashOf(note: Note): string;
  isPharmacy(institutionId: string): boolean;
  isDrug(drugCode: string): boolean;
  /** Product whose codes begin with these seven digits. */
  drugOfPrefix(prefix: string): string | undefined;
};

export const NOTES_PER_CALL_MAX = 20;
export const CODES_PER_NOTE_MAX = 2_000;

const LABEL = /^[^\p{Cc}]{1,64}$/u;

/** What can be on record at all: the database does not take every text that a client may send. */
export function wellFormed(notes: readonly Note[]): { noteIds: string[]; codes: string[] } {
  return {
    noteIds: notes.map(({ noteId }) => noteId).filter((noteId) => LABEL.test(noteId)),
    codes: notes.flatMap(({ traceCodes }) => traceCodes).filter((code) => !('malformed' in parseTraceCode(code))),
  };
}

/** The notes that are new, or the refusals. A note on record with the same content is neither. */
export function judgeNotes(notes: readonly Note[], facts: NoteFacts): { fresh: Note[] } | Refused {
  if (notes.length === 0 || notes.length > NOTES_PER_CALL_MAX) {
    const figures = { notes: String(notes.length), max: String(NOTES_PER_CALL_MAX) };
    return { refused: [refusal('REQUEST_INVALID', figures, '/notes')] };
  }
  const fresh: Note[] = [];
  const refused: Refusal[] = [];
  const noteIds = new Set<string>();
  const codeSeenAt = new Map<string, string>();
  for (const [index, note] of notes.entries()) {
    const place = `/notes/${index}`;
    const recorded = facts.hashOfNote.get(note.noteId);
    if (noteIds.has(note.noteId) || (recorded !== undefined && recorded !== facts.hashOf(note))) {
      refused.push(refusal('REQUEST_INVALID', { noteId: note.noteId, problem: 'OTHER_CONTENT' }, `${place}/noteId`));
    } else if (recorded === undefined) {
      refused.push(...headProblems(note, place, facts), ...codeProblems(note, place, facts, codeSeenAt));
      fresh.push(note);
    }
    noteIds.add(note.noteId);
  }
  return refused.length > 0 ? { refused } : { fresh };
}

function headProblems(note: Note, place: string, facts: NoteFacts): Refusal[] {
  const checks: [boolean, string][] = [
    [LABEL.test(note.noteId), 'noteId'],
    [facts.isPharmacy(note.holderId), 'holderId'],
    [facts.isDrug(note.drugCode), 'drugCode'],
    [LABEL.test(note.batchNo), 'batchNo'],
    [parseInstant(`${note.expiresOn}T00:00:00Z`) !== undefined, 'expiresOn'],
    [note.traceCodes.length > 0 && note.traceCodes.length <= CODES_PER_NOTE_MAX, 'traceCodes'],
  ];
  return checks
    .filter(([holds]) => !holds)
    .map(([, name]) => refusal('REQUEST_INVALID', undefined, `${place}/${name}`));
}

function codeProblems(note: Note, place: string, facts: NoteFacts, seenAt: Map<string, string>): Refusal[] {
  const refused: Refusal[] = [];
  for (const [position, traceCode] of note.traceCodes.entries()) {
    const field = `${place}/traceCodes/${position}`;
    const parsed = parseTraceCode(traceCode);
    if ('malformed' in parsed) {
      refused.push(refusal('TRACE_CODE_MALFORMED', undefined, field));
      continue;
    }
    if (facts.drugOfPrefix(parsed.prefix) !== note.drugCode) {
      refused.push(refusal('TRACE_CODE_PRODUCT_MISMATCH', { traceCode, expected: note.drugCode }, field));
    }
    const before = seenAt.get(traceCode);
    if (before !== undefined) refused.push(refusal('TRACE_CODE_DUPLICATE', { traceCode, firstAt: before }, field));
    else if (facts.knownCodes.has(traceCode)) refused.push(refusal('TRACE_CODE_DUPLICATE', { traceCode }, field));
    else seenAt.set(traceCode, field);
  }
  return refused;
}

import { isRefused, type Refusal, type Refused, refusal, refuse } from '@erx/errors';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import {
  type CodeOutcome,
  type ReceiveStockRequest,
  ReceiveStockResponse,
} from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import { type Call, toMessage } from '@erx/rpc';
import { type BadCode, CODES_PER_CALL_MAX, isBatchMode } from '../domain/batch.ts';
import type { Conflict } from '../domain/conflict.ts';
import { type Note, noteKey } from '../domain/judge-notes.ts';
import { findBooked } from '../store/note-store.ts';
import { bookNotes } from './book-notes.ts';
import { once } from './once.ts';
import { recordConflicts } from './record-conflicts.ts';

/**
 * 入库: a pharmacy books its own delivery notes, up to 2,000 codes a call. ALL_OR_NOTHING refuses the call for one bad
 * code; EACH books the good ones and answers the bad ones one by one. A note that comes again books nothing more: what
 * it left out belongs on a new note. A code on record elsewhere is refused TRACE_CODE_DUPLICATE and recorded as a
 * conflict; AS-07.8: a sold one is quarantined.
 */
export async function receiveStock(
  { database, reference }: { database: Database; reference: Lookups },
  request: ReceiveStockRequest,
  call: Call,
): Promise<ReceiveStockResponse | Refused> {
  const own = call.actor.institutionId;
  const notes = request.notes.map((note) => ({ ...note, holderId: note.holderId === '' ? own : note.holderId }));
  const { mode } = request;
  const problems = callProblems(notes, mode, own);
  if (problems.length > 0 || !isBatchMode(mode)) return { refused: problems };
  let undone: Conflict[] = [];
  const answer = await once(database, call, 'stock.receive', ReceiveStockResponse, async (tx) => {
    const { outcome, conflicts } = await bookNotes(tx, { notes, mode, origin: 'RECEIPT' }, call, reference);
    undone = isRefused(outcome) ? conflicts : [];
    if (isRefused(outcome)) return outcome;
    if (conflicts.length > 0) await recordConflicts(tx, conflicts, call, reference);
    const repeated = await repeatedNotes(tx, outcome.repeated);
    const fresh = outcome.fresh.reduce((sum, note) => sum + note.traceCodes.length, 0);
    return { booked: fresh + repeated.booked, refused: [...outcome.bad.map(toOutcome), ...repeated.refused] };
  });
  if (undone.length > 0) await inTransaction(database, (tx) => recordConflicts(tx, undone, call, reference));
  return answer;
}

function callProblems(notes: readonly Note[], mode: string, own: string): Refusal[] {
  const codes = notes.reduce((sum, note) => sum + note.traceCodes.length, 0);
  const figures = { codes: String(codes), max: String(CODES_PER_CALL_MAX) };
  return [
    ...(isBatchMode(mode) ? [] : [refusal('REQUEST_INVALID', undefined, '/mode')]),
    ...(codes <= CODES_PER_CALL_MAX ? [] : [refusal('REQUEST_INVALID', figures, '/notes')]),
    ...notes.flatMap((note, index) =>
      note.holderId === own ? [] : refuse('ACCESS_SCOPE_DENIED', undefined, `/notes/${index}/holderId`).refused,
    ),
  ];
}

/** A note on record answers as it did: its codes are booked, what it left out is not. */
async function repeatedNotes(tx: Tx, notes: readonly Note[]): Promise<ReceiveStockResponse> {
  if (notes.length === 0) return { booked: 0, refused: [] };
  const bookedBy = await findBooked(tx, notes);
  const left = notes.flatMap((note) => {
    const booked = bookedBy.get(noteKey(note)) ?? new Set();
    return note.traceCodes.filter((code) => !booked.has(code)).map(leftOut(note.noteId));
  });
  const booked = [...bookedBy.values()].reduce((sum, codes) => sum + codes.size, 0);
  return { booked, refused: left.map(toOutcome) };
}

/** A code that its note, on record by now, did not book. */
export function leftOut(noteId: string): (traceCode: string) => BadCode {
  // The code is not repeated: it may be the one that was misread.
  return () => ({ traceCode: '', refusals: [refusal('REQUEST_INVALID', { noteId, problem: 'NOTE_ALREADY_BOOKED' })] });
}

export function toOutcome({ traceCode, refusals }: BadCode): CodeOutcome {
  return { traceCode, refusals: refusals.map(toMessage) };
}

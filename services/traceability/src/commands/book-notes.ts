import { createHash } from 'node:crypto';
import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import { DeliveryNote } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { actOf } from '../act.ts';
import type { BatchMode } from '../domain/batch.ts';
import { type Conflict, conflictsOfNotes } from '../domain/conflict.ts';
import { type JudgedNotes, judgeNotes, type Note, noteKey, wellFormed } from '../domain/judge-notes.ts';
import { countParts } from '../domain/packing.ts';
import type { TraceCode } from '../domain/trace-code.ts';
import { stockReceived } from '../outbound/events.ts';
import { insertCodes, lockCodes, type NewCode } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { findNoteHashes, insertNotes } from '../store/note-store.ts';
import { findRecalls, recordRecalled, shareBatches } from '../store/recall-store.ts';
import { lostTheRace } from './once.ts';

type Origin = 'IMPORT' | 'RECEIPT';

/**
 * Books delivery notes in bulk: whatever their number, a handful of statements. `conflicts`: codes that are on record
 * elsewhere, for the caller to record. A package of a recalled batch is received as RECALLED.
 */
export async function bookNotes(
  tx: Tx,
  { notes, mode, origin }: { notes: readonly Note[]; mode: BatchMode; origin: Origin },
  call: Call,
  reference: Lookups,
): Promise<{ outcome: JudgedNotes | Refused; conflicts: Conflict[] }> {
  const readable = wellFormed(notes);
  await shareBatches(tx, readable.notes);
  const known = await lockCodes(tx, readable.codes);
  const facts = { known, hashOfNote: await findNoteHashes(tx, readable.notes), ...lookups(reference) };
  const outcome = judgeNotes(notes, facts, mode);
  // A note on record claims nothing new, even when what it brought is sold by now.
  const claims = notes.filter((note) => !facts.hashOfNote.has(noteKey(note)));
  const conflicts = known.size === 0 ? [] : conflictsOfNotes(claims, known);
  if (!isRefused(outcome) && outcome.fresh.length > 0) {
    await receive(tx, outcome.fresh, { notes, origin }, call, reference);
  }
  return { outcome, conflicts };
}

function lookups(reference: Lookups) {
  return {
    hashOf: contentHash,
    isPharmacy: (id: string) => reference.institution(id)?.kind === 'PHARMACY',
    isDrug: (code: string) => reference.drug(code) !== undefined,
    drugOfPrefix: (prefix: string) => reference.drugByTracePrefix(prefix)?.drugCode,
  };
}

async function receive(
  tx: Tx,
  notes: readonly Note[],
  handedIn: { notes: readonly Note[]; origin: Origin },
  call: Call,
  reference: Lookups,
): Promise<void> {
  const { origin } = handedIn;
  const recallOf = await findRecalls(tx, notes);
  // The note is known again by what was handed in, also when not all of it was booked.
  const hashes = new Map(handedIn.notes.map((note) => [noteKey(note), contentHash(note)]));
  const hashed = notes.map((note) => ({ note, contentHash: hashes.get(noteKey(note)) ?? '' }));
  if (!(await insertNotes(tx, hashed, origin))) throw lostTheRace();
  const codes = notes.map((note) => newCodes(note, recallOf(note) !== undefined));
  if (!(await insertCodes(tx, codes.flat(), call.at))) throw lostTheRace();
  for (const [index, note] of notes.entries()) {
    const act = actOf(call, note.holderId, reference);
    const movement = { kind: 'RECEIVED', noteId: note.noteId, holderId: note.holderId } as const;
    await recordMovement(tx, movement, act, codes[index] ?? []);
    const territory = reference.territory([note.holderId]);
    await appendToOutbox(tx, [stockReceived(note, origin, act, territory, call.causationId)]);
  }
  const recalled = notes.flatMap((note) => {
    const recallId = recallOf(note)?.recallId;
    if (recallId === undefined) return [];
    return note.traceCodes.map((traceCode) => ({ recallId, traceCode, holderId: note.holderId, state: 'RECEIVED' }));
  });
  if (recalled.length > 0) await recordRecalled(tx, recalled);
}

function newCodes(note: Note, recalled: boolean): NewCode[] {
  const { drugCode, batchNo, expiresOn, noteId, holderId } = note;
  const parts = countParts(note.traceCodes, note.parents);
  return note.traceCodes.map((traceCode) => {
    const parentCode = note.parents[traceCode];
    const state: Extract<TraceCode['state'], NewCode['state']> = recalled
      ? 'RECALLED'
      : parentCode === undefined
        ? 'RECEIVED'
        : 'PACKED';
    const count = parts.get(traceCode) ?? 0;
    return { traceCode, drugCode, batchNo, expiresOn, noteId, holderId, state, parentCode, parts: count };
  });
}

// The codes of a note are a set: their order carries nothing.
function contentHash(note: Note): string {
  const parents = Object.fromEntries(Object.entries(note.parents).sort(([a], [b]) => (a < b ? -1 : 1)));
  const content = DeliveryNote.encode({ ...note, traceCodes: note.traceCodes.toSorted(), parents }).finish();
  return createHash('sha256').update(content).digest('hex');
}

import { createHash } from 'node:crypto';
import { isRefused, type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import { DeliveryNote, ImportStockResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { actOf } from '../act.ts';
import { judgeNotes, type Note, wellFormed } from '../domain/judge-notes.ts';
import { stockReceived } from '../outbound/events.ts';
import { findKnownCodes, insertCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { findNoteHashes, insertNote, lockNotes } from '../store/note-store.ts';

type Deps = { database: Database; reference: Lookups };

/**
 * Stock enters by the authority (origin IMPORT), all notes or none. A note that comes again with the same content is
 * `unchanged`; with other content it is refused REQUEST_INVALID. One StockReceived per new note.
 */
export async function importStock(
  { database, reference }: Deps,
  notes: readonly DeliveryNote[],
  call: Call,
): Promise<ImportStockResponse | Refused> {
  const { request } = call;
  if (request === undefined) throw new Error('a write of a client needs its idempotency key');
  const earlier = settled(await recall(database, request, ImportStockResponse));
  if (earlier !== undefined) return earlier;
  return inTransaction(database, async (tx) => {
    const claimed = settled(await claimRequest(tx, request, 'stock.import', ImportStockResponse));
    if (claimed !== undefined) return claimed;
    await lockNotes(tx);
    const judged = judgeNotes(notes, await factsFor(tx, notes, reference));
    if (isRefused(judged)) return judged;
    for (const note of judged.fresh) await receive(tx, note, call, reference);
    const answer = { changed: judged.fresh.length, unchanged: notes.length - judged.fresh.length };
    await rememberAnswer(tx, request, ImportStockResponse, answer);
    return answer;
  });
}

async function factsFor(tx: Tx, notes: readonly Note[], reference: Lookups) {
  const { noteIds, codes } = wellFormed(notes);
  return {
    hashOfNote: await findNoteHashes(tx, noteIds),
    knownCodes: await findKnownCodes(tx, codes),
    hashOf: contentHash,
    isPharmacy: (id: string) => reference.institution(id)?.kind === 'PHARMACY',
    isDrug: (code: string) => reference.drug(code) !== undefined,
    drugOfPrefix: (prefix: string) => reference.drugByTracePrefix(prefix)?.drugCode,
  };
}

async function receive(tx: Tx, note: Note, call: Call, reference: Lookups): Promise<void> {
  const act = actOf(call, note.holderId, reference);
  await insertNote(tx, note, contentHash(note));
  await insertCodes(tx, note, act.at);
  await recordMovement(tx, { kind: 'RECEIVED', noteId: note.noteId, holderId: note.holderId }, act, note.traceCodes);
  await appendToOutbox(tx, [stockReceived(note, act, reference.territory([note.holderId]), call.causationId)]);
}

// The codes of a note are a set: their order carries nothing.
function contentHash(note: Note): string {
  const content = DeliveryNote.encode({ ...note, traceCodes: note.traceCodes.toSorted() }).finish();
  return createHash('sha256').update(content).digest('hex');
}

function settled(
  recalled: Awaited<ReturnType<typeof recall<ImportStockResponse>>>,
): ImportStockResponse | Refused | undefined {
  if (recalled === undefined) return undefined;
  if ('reused' in recalled) return refuse('IDEMPOTENCY_KEY_REUSED');
  if ('running' in recalled) throw new Error('an import is never left running');
  return recalled.answer;
}

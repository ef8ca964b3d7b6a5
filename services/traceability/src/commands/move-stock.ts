import { createHash } from 'node:crypto';
import { isRefused, type Refused, refusal, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Database, Tx } from '@erx/postgres';
import { MoveStockRequest, MoveStockResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { parseTraceCode } from '@erx/values';
import { actOf } from '../act.ts';
import { isBatchMode } from '../domain/batch.ts';
import { isMoveKind, judgeMove, type MoveNote, moveHeadProblems } from '../domain/judge-moves.ts';
import { stockMoved } from '../outbound/events.ts';
import { findInside, lockCodes, saveCodes } from '../store/code-store.ts';
import { findMove, insertMove } from '../store/move-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { lostTheRace, once } from './once.ts';
import { leftOut, toOutcome } from './receive-stock.ts';

/**
 * 出入库: any booking of the caller's packages beside receipt and sale. The contents of a closed pack go with it. A
 * note that comes again with the same content answers what it booked; with other content it is refused.
 */
export async function moveStock(
  { database, reference }: { database: Database; reference: Lookups },
  request: MoveStockRequest,
  call: Call,
): Promise<MoveStockResponse | Refused> {
  const { noteId, kind, toHolderId, traceCodes, reason, mode } = request;
  const holderId = call.actor.institutionId;
  const note = { noteId, kind, toHolderId, traceCodes, reason, holderId } as MoveNote;
  const problems = moveHeadProblems(note, (id) => reference.institution(id)?.kind === 'PHARMACY');
  if (!isBatchMode(mode)) problems.push(refusal('REQUEST_INVALID', undefined, '/mode'));
  if (problems.length > 0 || !isMoveKind(kind) || !isBatchMode(mode)) return { refused: problems };
  const content = MoveStockRequest.encode({ ...request, traceCodes: traceCodes.toSorted() }).finish();
  const contentHash = createHash('sha256').update(content).digest('hex');
  return once(database, call, 'stock.move', MoveStockResponse, async (tx) => {
    // The packages are locked first: the same note at the same instant waits there, and is then found on record.
    const facts = await factsFor(tx, note, call.at);
    const earlier = await findMove(tx, holderId, noteId);
    if (earlier !== undefined) return repeated(note, earlier, contentHash);
    const judged = judgeMove(note, facts, mode);
    if (isRefused(judged)) return judged;
    // Nothing booked: no note either, so that it may come again.
    if (judged.booked > 0) {
      const moveId = await insertMove(tx, { ...note, contentHash });
      if (moveId === undefined) throw lostTheRace();
      const taker = kind === 'TRANSFER' ? toHolderId : holderId;
      await recordMovement(tx, { kind, moveId, holderId: taker }, actOf(call, taker, reference), judged.moved);
      await saveCodes(tx, judged.moved);
      const codes = judged.moved.map((code) => code.traceCode);
      const territory = reference.territory([holderId, taker]);
      await appendToOutbox(tx, stockMoved({ ...note, codes }, actOf(call, holderId, reference), territory));
    }
    return { booked: judged.booked, refused: judged.bad.map(toOutcome) };
  });
}

async function factsFor(tx: Tx, note: MoveNote, at: Date) {
  const named = note.traceCodes.filter((code) => !('malformed' in parseTraceCode(code)));
  const contents = Map.groupBy(await findInside(tx, named), ({ pack }) => pack);
  const insideOf = (pack: string): string[] => (contents.get(pack) ?? []).map(({ inside }) => inside);
  const all = new Set([...named, ...named.flatMap(insideOf)]);
  return { at, known: await lockCodes(tx, [...all]), insideOf };
}

function repeated(
  note: MoveNote,
  earlier: { contentHash: string; booked: Set<string> },
  contentHash: string,
): MoveStockResponse | Refused {
  if (earlier.contentHash !== contentHash) {
    return refuse('REQUEST_INVALID', { noteId: note.noteId, problem: 'OTHER_CONTENT' }, '/noteId');
  }
  const left = note.traceCodes.filter((code) => !earlier.booked.has(code));
  const refused = left.map(leftOut(note.noteId)).map(toOutcome);
  return { booked: note.traceCodes.length - left.length, refused };
}

import { createHash } from 'node:crypto';
import { isRefused, type Refused, refuse } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Database } from '@erx/postgres';
import { OpenPackResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { parseTraceCode } from '@erx/values';
import { actOf } from '../act.ts';
import { decide, evolve, type TraceCode } from '../domain/trace-code.ts';
import { stockMoved } from '../outbound/events.ts';
import { findParts, lockCodes, saveCodes } from '../store/code-store.ts';
import { insertMove } from '../store/move-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { once } from './once.ts';

/** 拆包: a large or medium pack of the caller is opened; what lay directly in it is stock of its own from here on. */
export async function openPack(
  { database, reference }: { database: Database; reference: Lookups },
  traceCode: string,
  call: Call,
): Promise<OpenPackResponse | Refused> {
  const holderId = call.actor.institutionId;
  if ('malformed' in parseTraceCode(traceCode)) return refuse('TRACE_CODE_MALFORMED', undefined, '/traceCode');
  return once(database, call, 'pack.open', OpenPackResponse, async (tx) => {
    const parts = await findParts(tx, traceCode);
    const known = await lockCodes(tx, [traceCode, ...parts]);
    const pack = known.get(traceCode);
    if (pack === undefined) return refuse('TRACE_CODE_UNKNOWN', { traceCode }, '/traceCode');
    if (pack.holderId !== holderId) return refuse('TRACE_CODE_NOT_HELD', { traceCode }, '/traceCode');
    const opened = decide(pack, { type: 'Open', at: call.at });
    if (isRefused(opened)) return opened;
    const after = [opened.events.reduce(evolve, pack), ...parts.map((part) => unpacked(known.get(part), call.at))];
    const contentHash = createHash('sha256').update(traceCode).digest('hex');
    const move = { holderId, noteId: traceCode, kind: 'PACK_OPENED', toHolderId: '', reason: '', contentHash } as const;
    const moveId = await insertMove(tx, move);
    if (moveId === undefined) throw new Error('the opening of a pack has no number of its own to repeat');
    const act = actOf(call, holderId, reference);
    await recordMovement(tx, { kind: 'PACK_OPENED', moveId, holderId }, act, after);
    await saveCodes(tx, after);
    const codes = after.map((code) => code.traceCode);
    await appendToOutbox(tx, stockMoved({ ...move, codes }, act, reference.territory([holderId])));
    return { traceCode, parts };
  });
}

function unpacked(part: TraceCode | undefined, at: Date): TraceCode {
  if (part === undefined) throw new Error('the content of a pack is not on record');
  const decision = decide(part, { type: 'Unpack', at });
  if (isRefused(decision)) throw new Error(`a ${part.state} package lies in a closed pack`);
  return decision.events.reduce(evolve, part);
}

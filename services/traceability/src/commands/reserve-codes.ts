import { createHash } from 'node:crypto';
import { isRefused, type Refused } from '@erx/errors';
import { type Database, inTransaction } from '@erx/postgres';
import { ReserveRequest, type ReserveResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { actOf } from '../act.ts';
import { type Conflict, conflictsOfScan } from '../domain/conflict.ts';
import { codesToLock, judgeScan } from '../domain/judge-scan.ts';
import { decide } from '../domain/reservation.ts';
import { lockCodes, saveCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { startOrLock } from '../store/reservation-store.ts';
import { recordConflicts } from './record-conflicts.ts';

/**
 * Holds the scanned packages for a sale, all or none. Idempotent by sale: the same request gets the same answer, a
 * released sale is refused INVALID_STATE_TRANSITION. Refusals `TRACE_CODE_…` name every scan at fault; a code that another
 * sale or holder has is recorded as a conflict, in a transaction of its own.
 */
export async function reserveCodes(
  { database, reference }: { database: Database; reference: Lookups },
  request: ReserveRequest,
  call: Call,
): Promise<ReserveResponse | Refused> {
  const { saleId, holderId, lines } = request;
  const content = createHash('sha256').update(ReserveRequest.encode(request).finish()).digest('hex');
  const codes = codesToLock(lines);
  const scan = { saleId, holderId, lines, at: call.at };
  let seen: Conflict[] = [];
  const answer = await inTransaction(database, async (tx): Promise<ReserveResponse | Refused> => {
    seen = [];
    // Nothing to hold: no row either.
    if (codes.length === 0) return judgeScan(scan, new Map()) as Refused;
    const earlier = await startOrLock(tx, request, { state: 'RESERVED', content }, codes.length);
    if (earlier !== undefined) {
      const repeat = decide(earlier.reservation, { type: 'Reserve', content });
      return isRefused(repeat) ? repeat : { reserved: earlier.codes };
    }
    const known = await lockCodes(tx, codes);
    const judged = judgeScan(scan, known);
    if (isRefused(judged)) {
      seen = conflictsOfScan(scan, known);
      return judged;
    }
    const act = actOf(call, holderId, reference);
    await recordMovement(tx, { kind: 'RESERVED', saleId, holderId }, act, judged.reserved);
    await saveCodes(tx, judged.reserved);
    return { reserved: codes.length };
  });
  if (seen.length > 0) await inTransaction(database, (tx) => recordConflicts(tx, seen, call, reference));
  return answer;
}

import { randomUUID } from 'node:crypto';
import { isRefused, type Refusal, type Refused, refusal } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Database } from '@erx/postgres';
import { type RecallBatchRequest, RecallBatchResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';

import { actOf } from '../act.ts';
import { isLabel } from '../domain/judge-notes.ts';
import { decide, evolve, stateAtRecall } from '../domain/trace-code.ts';
import { batchRecalled } from '../outbound/events.ts';
import { readRecall, seenBy } from '../queries/get-recall.ts';
import { lockBatch, saveCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { findRecalls, insertRecall, lockBatchForRecall, recordRecalled } from '../store/recall-store.ts';
import { once } from './once.ts';

const REASON = /^[^\p{Cc}]{1,200}$/u;

/**
 * CX-14-3d: recalls a batch everywhere and for good. Packs in stock become RECALLED; those that a sale holds or has sold
 * are marked, and are stopped at the hand-over, unless it has been cleared before. A batch that is recalled already answers its first recall.
 */
export async function recallBatch(
  { database, reference }: { database: Database; reference: Lookups },
  request: RecallBatchRequest,
  call: Call,
): Promise<RecallBatchResponse | Refused> {
  const problems = problemsOf(request, reference);
  if (problems.length > 0) return { refused: problems };
  const { drugCode, batchNo, reason } = request;
  const sees = seenBy(call.actor, reference);
  return once(database, call, 'batch.recall', RecallBatchResponse, async (tx) => {
    await lockBatchForRecall(tx, request);
    const earlier = (await findRecalls(tx, [request]))(request);
    if (earlier !== undefined) return readRecall(tx.sql, earlier, sees);
    const recall = { recallId: randomUUID(), drugCode, batchNo, reason, recalledAt: call.at };
    await insertRecall(tx, recall);
    const before = await lockBatch(tx, drugCode, batchNo);
    const after = before.map((code) => {
      const decision = decide(code, { type: 'Recall', at: call.at });
      if (isRefused(decision)) throw new Error(`a ${code.state} package cannot be recalled`);
      return decision.events.reduce(evolve, code);
    });
    const found = before.map((code) => ({
      recallId: recall.recallId,
      traceCode: code.traceCode,
      holderId: code.holderId,
      state: stateAtRecall(code),
    }));
    await recordRecalled(tx, found);
    for (const [holderId, codes] of Map.groupBy(after, (code) => code.holderId)) {
      const act = actOf(call, holderId, reference);
      await recordMovement(tx, { kind: 'RECALLED', recallId: recall.recallId, holderId }, act, codes);
    }
    await saveCodes(tx, after);
    const territory = reference.territory([...new Set(before.map((code) => code.holderId))]);
    const act = actOf(call, call.actor.institutionId, reference);
    await appendToOutbox(tx, batchRecalled(recall, found, act, territory));
    return readRecall(tx.sql, recall, sees);
  });
}

function problemsOf({ drugCode, batchNo, reason }: RecallBatchRequest, reference: Lookups): Refusal[] {
  const checks: [boolean, string][] = [
    [reference.drug(drugCode) !== undefined, 'drugCode'],
    [isLabel(batchNo), 'batchNo'],
    [REASON.test(reason), 'reason'],
  ];
  return checks.filter(([holds]) => !holds).map(([, name]) => refusal('REQUEST_INVALID', undefined, `/${name}`));
}

import { isRefused } from '@erx/errors';
import { RecallBatchResponse } from '@erx/proto/traceability/v1/traceability_service';
import Type from 'typebox';
import type { Peers } from '../../outbound/peers.ts';
import { fromConflict, fromRecall } from '../mappers/stock.ts';
import { type Door, declare } from '../route.ts';
import { Conflict, Recall, RecallOrder } from '../schemas/stock.ts';
import { pageOf, Uuid } from '../schemas/values.ts';

const tag = '药品追溯 Traceability';
const DEADLINE_MS = 20_000;

/** Batches called back, and codes that were seen twice. */
export function recallRoutes(door: Door, { traceability }: Peers): void {
  declare(door, {
    method: 'POST',
    url: '/v1/recalls',
    operation: 'batch.recall',
    id: 'recallBatch',
    title: { zh: '召回批次', en: 'Recall a batch everywhere; answers who holds it' },
    tag,
    body: RecallOrder,
    answer: Recall,
    status: 201,
    write: (stored) => fromRecall(RecallBatchResponse.decode(stored)),
    async handle({ body }, context) {
      const answer = await traceability.recallBatch(body, { ...context, deadlineMs: DEADLINE_MS });
      return isRefused(answer) ? answer : fromRecall(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url: '/v1/recalls/:recallId',
    operation: 'recall.read',
    id: 'readRecall',
    title: { zh: '召回清单', en: 'Holders of a recalled batch' },
    tag,
    params: Type.Object({ recallId: Uuid }),
    answer: Recall,
    async handle({ params }, context) {
      const answer = await traceability.getRecall(params, context);
      return isRefused(answer) ? answer : fromRecall(answer);
    },
  });
  declare(door, {
    method: 'GET',
    url: '/v1/trace-conflicts',
    operation: 'conflict.read',
    id: 'listTraceConflicts',
    title: { zh: '追溯码冲突', en: 'Codes seen twice, with both sides' },
    tag,
    query: pageOf('conflict'),
    answer: Type.Object({ conflicts: Type.Array(Conflict) }),
    async handle({ query: { after = '', limit = 100 } }, context) {
      const answer = await traceability.listConflicts({ afterConflictId: after, limit }, context);
      return isRefused(answer) ? answer : { conflicts: answer.conflicts.map(fromConflict) };
    },
  });
}

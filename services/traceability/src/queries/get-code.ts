import { relationOf } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import { type Database, query } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { GetCodeResponse } from '@erx/proto/traceability/v1/traceability_service';
import { liesIn, parseTraceCode } from '@erx/values';
import { custody, movement, traceCode as table } from '../store/tables.ts';

/**
 * GJ-3a: the unbroken custody chain of one package. A regulator sees the packages that were ever in its division, a
 * pharmacy those that it holds or held; any other is TRACE_CODE_UNKNOWN to it. Not a trace code at all: TRACE_CODE_MALFORMED.
 */
export async function getCode(database: Database, traceCode: string, actor: Actor): Promise<GetCodeResponse | Refused> {
  if ('malformed' in parseTraceCode(traceCode)) return refuse('TRACE_CODE_MALFORMED', undefined, '/traceCode');
  const [code] = await database.db.select().from(table).where(query.eq(table.traceCode, traceCode));
  const steps = await database.db
    .select({ step: movement })
    .from(custody)
    .innerJoin(movement, query.eq(movement.movementId, custody.movementId))
    .where(query.eq(custody.traceCode, traceCode))
    .orderBy(movement.movementId);
  const isOwn =
    relationOf(actor.role, 'code.read') === 'OWN_DIVISION'
      ? ({ place }: { place: string }) => liesIn(place, actor.division)
      : ({ holderId }: { holderId: string }) => holderId === actor.institutionId;
  const mayKnow = steps.some(({ step }) => isOwn(step));
  if (code === undefined || !mayKnow) return refuse('TRACE_CODE_UNKNOWN', { traceCode }, '/traceCode');
  const { drugCode, batchNo, state, holderId } = code;
  const chain = steps.map(({ step }) => ({
    kind: step.kind,
    at: step.businessAt,
    holderId: step.holderId,
    actor: {
      clientId: step.clientId,
      role: step.role,
      institutionId: step.institutionId,
      operator: step.operator,
      division: step.division,
    },
    saleId: step.saleId ?? '',
    place: step.place,
  }));
  return { traceCode, drugCode, batchNo, state, holderId, chain };
}

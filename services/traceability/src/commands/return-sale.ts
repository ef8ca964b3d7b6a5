import { isRefused, type Refused, refusal } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import { type Database, inTransaction } from '@erx/postgres';
import type { ReturnSaleRequest, ReturnSaleResponse } from '@erx/proto/traceability/v1/traceability_service';
import type { Lookups } from '@erx/reference';
import type { Call } from '@erx/rpc';
import { actOf } from '../act.ts';
import { decide, evolve } from '../domain/reservation.ts';
import { decide as decideCode, evolve as evolveCode, type TraceCode } from '../domain/trace-code.ts';
import { codesReturned } from '../outbound/events.ts';
import { lockCodesOfSale, saveCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { lockReservation, saveReservation, saveReturned } from '../store/reservation-store.ts';

/**
 * 冲正退回: the packs of a reversed sale go back to stock; those that left the counter, or are blocked by now, do not.
 * Idempotent by sale, also before the news of the sale's completion came here. After the hand-over it is refused
 * INVALID_STATE_TRANSITION; a code that is not of the sale REQUEST_INVALID.
 */
export async function returnSale(
  { database, reference }: { database: Database; reference: Lookups },
  { saleId, prescriptionId, leftCounter }: ReturnSaleRequest,
  call: Call,
): Promise<ReturnSaleResponse | Refused> {
  return inTransaction(database, async (tx): Promise<ReturnSaleResponse | Refused> => {
    const { reservation, restocked, quarantined } = await lockReservation(tx, saleId);
    const decision = decide(reservation, { type: 'Return' });
    if (isRefused(decision)) return decision;
    if (decision.events.length === 0) return { restocked, quarantined };
    const codes = await lockCodesOfSale(tx, saleId);
    const strangers = leftCounter.flatMap((traceCode, index) =>
      codes.some((code) => code.traceCode === traceCode)
        ? []
        : [refusal('REQUEST_INVALID', { problem: 'NOT_OF_THIS_SALE' }, `/leftCounter/${index}`)],
    );
    if (strangers.length > 0) return { refused: strangers };
    const holderId = codes[0]?.holderId ?? '';
    const act = actOf(call, holderId, reference);
    const after = codes.map((code) => returned(code, leftCounter.includes(code.traceCode), act.at));
    const isBack = ({ state }: TraceCode): boolean => state === 'RECEIVED';
    const back = after.filter(isBack).map((code) => code.traceCode);
    const kept = after.filter((code) => !isBack(code)).map((code) => code.traceCode);
    await saveReservation(tx, saleId, decision.events.reduce(evolve, reservation));
    await saveReturned(tx, saleId, { restocked: back.length, quarantined: kept.length });
    await recordMovement(tx, { kind: 'RETURNED', saleId, holderId }, act, after);
    await saveCodes(tx, after);
    const facts = { prescriptionId, saleId, holderId, restocked: back, quarantined: kept };
    await appendToOutbox(tx, [codesReturned(facts, act, reference.territory([holderId]), call.causationId)]);
    return { restocked: back.length, quarantined: kept.length };
  });
}

function returned(code: TraceCode, leftCounter: boolean, at: Date): TraceCode {
  const decision = decideCode(code, { type: 'Return', leftCounter, at });
  if (isRefused(decision)) throw new Error(`a ${code.state} package stands in a sale that is reversed`);
  return decision.events.reduce(evolveCode, code);
}

import { isRefused, type Refused } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';
import { decide, evolve } from '../domain/reservation.ts';
import { decide as decideCode, evolve as evolveCode, type TraceCode } from '../domain/trace-code.ts';
import { lockCodesOfSale, saveCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { saveReservation, startOrLock } from '../store/reservation-store.ts';

/**
 * Gives the packages of a sale back. An unknown sale leaves a tombstone, so that a late reservation is refused; a
 * repeat changes nothing; a sold one is refused INVALID_STATE_TRANSITION. `actFor` names the act at the holder.
 */
export async function releaseCodes(
  tx: Tx,
  sale: { saleId: string; prescriptionId: string },
  actFor: (holderId: string) => Act,
): Promise<{ released: number } | Refused> {
  const earlier = await startOrLock(tx, sale, { state: 'RELEASED' }, 0);
  if (earlier === undefined) return { released: 0 };
  const decision = decide(earlier.reservation, { type: 'Release' });
  if (isRefused(decision)) return decision;
  if (decision.events.length === 0) return { released: earlier.codes };
  const codes = await lockCodesOfSale(tx, sale.saleId);
  const holderId = codes[0]?.holderId ?? '';
  const act = actFor(holderId);
  await saveReservation(tx, sale.saleId, decision.events.reduce(evolve, earlier.reservation));
  const after = codes.map((code) => released(code, act.at));
  await recordMovement(tx, { kind: 'RELEASED', saleId: sale.saleId, holderId }, act, after);
  await saveCodes(tx, after);
  return { released: codes.length };
}

function released(code: TraceCode, at: Date): TraceCode {
  const decision = decideCode(code, { type: 'Release', at });
  if (isRefused(decision)) throw new Error(`a ${code.state} package stands in a reserved sale`);
  return decision.events.reduce(evolveCode, code);
}

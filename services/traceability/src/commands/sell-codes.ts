import { isRefused } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';
import { decide, evolve } from '../domain/reservation.ts';
import { decide as decideCode, evolve as evolveCode, type TraceCode } from '../domain/trace-code.ts';
import { lockCodesOfSale, saveCodes } from '../store/code-store.ts';
import { recordMovement } from '../store/movement-store.ts';
import { lockReservation, saveReservation } from '../store/reservation-store.ts';

export type CompletedSale = { saleId: string; holderId: string; traceCodes: readonly string[] };

/**
 * The packages of a completed sale become SOLD; false for a repeat. The sale is a fact by now, so a contradiction (not
 * reserved, other packages) is thrown: the event is parked and the books show it.
 */
export async function sellCodes(tx: Tx, sale: CompletedSale, act: Act): Promise<boolean> {
  const { reservation } = await lockReservation(tx, sale.saleId);
  const decision = decide(reservation, { type: 'Sell' });
  if (isRefused(decision)) throw new Error(`completed sale, but its reservation is ${reservation.state}`);
  if (decision.events.length === 0) return false;
  const codes = await lockCodesOfSale(tx, sale.saleId);
  const reserved = codes.map((code) => code.traceCode);
  if (reserved.join() !== sale.traceCodes.toSorted().join()) {
    throw new Error('completed sale names other packages than it reserved');
  }
  await saveReservation(tx, sale.saleId, decision.events.reduce(evolve, reservation));
  await saveCodes(
    tx,
    codes.map((code) => sold(code, act.at)),
  );
  await recordMovement(tx, { kind: 'SOLD', saleId: sale.saleId, holderId: sale.holderId }, act, reserved);
  return true;
}

function sold(code: TraceCode, at: Date): TraceCode {
  const decision = decideCode(code, { type: 'Sell', at });
  if (isRefused(decision)) throw new Error(`a ${code.state} package stands in a reserved sale`);
  return decision.events.reduce(evolveCode, code);
}

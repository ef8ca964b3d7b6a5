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
 * The packages of a completed sale become SOLD; false for a repeat, and for a sale that is reversed already. The sale is
 * a fact by now, so a contradiction (not reserved, other packages) is thrown: the event is parked and the books show it.
 */
export async function sellCodes(tx: Tx, sale: CompletedSale, act: Act): Promise<boolean> {
  return advance(tx, sale.saleId, 'Sell', 'SOLD', act, (codes) => {
    const reserved = codes.map((code) => code.traceCode);
    if (reserved.join() !== sale.traceCodes.toSorted().join()) {
      throw new Error('completed sale names other packages than it reserved');
    }
  });
}

/** The packages of a sale are with the patient from here on; nothing but a quality return brings them back. */
export async function handOverCodes(tx: Tx, saleId: string, act: Act): Promise<boolean> {
  return advance(tx, saleId, 'HandOver', 'HANDED_OVER', act);
}

async function advance(
  tx: Tx,
  saleId: string,
  type: 'Sell' | 'HandOver',
  kind: 'SOLD' | 'HANDED_OVER',
  act: Act,
  check: (codes: readonly TraceCode[]) => void = () => {},
): Promise<boolean> {
  const { reservation } = await lockReservation(tx, saleId);
  const decision = decide(reservation, { type });
  if (isRefused(decision)) throw new Error(`${type} is a fact, but the reservation is ${reservation.state}`);
  if (decision.events.length === 0) return false;
  const codes = await lockCodesOfSale(tx, saleId);
  check(codes);
  const after = codes.map((code) => {
    const outcome = decideCode(code, { type, at: act.at });
    if (isRefused(outcome)) throw new Error(`a ${code.state} package stands in a ${reservation.state} sale`);
    return outcome.events.reduce(evolveCode, code);
  });
  await saveReservation(tx, saleId, decision.events.reduce(evolve, reservation));
  await recordMovement(tx, { kind, saleId, holderId: codes[0]?.holderId ?? '' }, act, after);
  await saveCodes(tx, after);
  return true;
}

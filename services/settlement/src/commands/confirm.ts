import { isRefused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { Act } from '../act.ts';
import { decide, evolve } from '../domain/settlement.ts';
import { settlementConfirmed } from '../outbound/events.ts';
import { lockSettlement, saveState } from '../store/settlement-store.ts';
import { recordStep } from '../store/step-store.ts';

type CompletedSale = { saleId: string; settlementId: string };

/**
 * The sale is completed, so its settlement stays. A repeat changes nothing, and neither does news of a sale that was
 * reversed meanwhile. The sale is a fact by now, so a contradiction (never settled, another settlement) is thrown: the
 * event is parked and the books show it.
 */
export async function confirm(
  tx: Tx,
  { saleId, settlementId }: CompletedSale,
  act: Act,
  cause: { causationId: string; territory: readonly string[] },
): Promise<void> {
  const stored = await lockSettlement(tx, saleId);
  if (stored?.settlementId !== settlementId) throw new Error('completed sale names a settlement that is not its own');
  const decision = decide(stored.settlement, { type: 'Confirm' });
  if (isRefused(decision)) throw new Error(`completed sale, but its settlement is ${stored.settlement.state}`);
  if (decision.events.length === 0) return;
  const { state } = decision.events.reduce(evolve, stored.settlement);
  await saveState(tx, saleId, state);
  await recordStep(tx, saleId, state, act);
  await appendToOutbox(tx, [settlementConfirmed(stored, act, cause)]);
}

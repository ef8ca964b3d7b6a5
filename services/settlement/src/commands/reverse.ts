import { isRefused, type Refused } from '@erx/errors';
import { appendToOutbox } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { ReverseResponse } from '@erx/proto/settlement/v1/settlement_service';
import type { Lookups } from '@erx/reference';
import type { Act } from '../act.ts';
import { creditBack } from '../domain/accumulator.ts';
import { reversalOf } from '../domain/ledger.ts';
import { decide, evolve } from '../domain/settlement.ts';
import { settlementReversed } from '../outbound/events.ts';
import { lockUsed, saveUsed } from '../store/accumulator-store.ts';
import { readSettledSale } from '../store/amounts-store.ts';
import { post, readSettlementPosting } from '../store/ledger-store.ts';
import { forbidOrLock, saveState } from '../store/settlement-store.ts';
import { recordStep } from '../store/step-store.ts';

type Sale = { saleId: string; prescriptionId: string };

/**
 * Takes the settlement of a sale back, confirmed or not: ledger and the year's account are credited, later sales stand.
 * An unknown sale leaves a tombstone, so that a late settlement is refused; a repeat changes nothing. `actAt` names the
 * act at the pharmacy, which is empty where nobody knows.
 */
export async function reverse(
  tx: Tx,
  sale: Sale,
  actAt: (pharmacyId: string) => Act,
  reference: Lookups,
  causationId?: string,
): Promise<ReverseResponse | Refused> {
  const { saleId } = sale;
  const earlier = await forbidOrLock(tx, sale);
  if (earlier === undefined) {
    await recordStep(tx, saleId, 'NEVER_SETTLED', actAt(''));
    return { outcome: 'NEVER_SETTLED' };
  }
  const decision = decide(earlier.settlement, { type: 'Reverse' });
  if (isRefused(decision)) return decision;
  const { state } = decision.events.reduce(evolve, earlier.settlement);
  if (decision.events.length === 0) return { outcome: state };

  const settled = await readSettledSale(tx, saleId);
  const act = actAt(settled.pharmacyId);
  const used = await lockUsed(tx, settled);
  await saveState(tx, saleId, state);
  await saveUsed(tx, settled, creditBack(used, settled));
  await post(tx, saleId, 'REVERSAL', reversalOf(await readSettlementPosting(tx, saleId)));
  await recordStep(tx, saleId, state, act);
  const territory = reference.territory([settled.hospitalId, settled.pharmacyId], settled.poolingRegion);
  const cause = causationId ?? settled.madeEventId;
  await appendToOutbox(tx, [settlementReversed(earlier, act, { territory, causationId: cause })]);
  return { outcome: state };
}

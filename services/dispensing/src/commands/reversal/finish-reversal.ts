// The steps of a reversal: money first, then packs, both idempotent by sale; then everything here in one transaction.
import { isRefused } from '@erx/errors';
import { inTransaction, rememberAnswer } from '@erx/postgres';
import { ReverseSaleResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { CallContext } from '@erx/rpc';
import { findReversal, type Reversal, saveReversed } from '../../store/reversal-store.ts';
import { saveStep } from '../../store/sale-progress.ts';
import type { StoredSale } from '../../store/sale-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';
import type { DriveDeps } from '../sale/drive-deps.ts';
import { afterwards, locked } from '../sale/finish-sale.ts';

/** False: another process drives this reversal by now. */
export async function takeBackSold(deps: DriveDeps, stored: StoredSale): Promise<boolean> {
  const reversal = await findReversal(deps.database, stored.saleId);
  if (reversal === undefined) throw new Error('a sale is being reversed, but nobody has asked for it');
  await giveBack(deps, stored, reversal);
  return finishReversal(deps, stored, reversal);
}

async function giveBack({ peers, timing }: DriveDeps, stored: StoredSale, reversal: Reversal): Promise<void> {
  const { saleId, prescriptionId } = stored;
  const { actor, reversingEventId: causationId, leftCounter } = reversal;
  const context: CallContext = { actor, causationId, deadlineMs: timing.answerMs };
  const money = await peers.settlement.reverse({ saleId, prescriptionId }, context);
  if (isRefused(money)) throw new Error(`settlement does not take back: ${money.refused[0]?.code}`);
  if (money.outcome !== 'REVERSED') throw new Error(`a completed sale, but its settlement is ${money.outcome}`);
  const packs = await peers.traceability.returnSale({ saleId, prescriptionId, leftCounter }, context);
  if (isRefused(packs)) throw new Error(`traceability does not take back: ${packs.refused[0]?.code}`);
}

async function finishReversal(deps: DriveDeps, stored: StoredSale, reversal: Reversal): Promise<boolean> {
  const { saleId, pharmacyId } = stored;
  const { actor, profileVersion, clientId, requestKey: key } = reversal;
  const act = { actor, profileVersion, at: deps.clock.now(), machineAt: deps.clock.machine() };
  return inTransaction(deps.database, async (tx) => {
    const prescription = await locked(tx, stored);
    const sale = afterwards(stored.sale, { type: 'RecordReversed' });
    if (sale.state !== 'REVERSED') throw new Error('a sale that was taken back is reversed');
    if (!(await saveStep(tx, stored, stored.sale.state, sale, act.machineAt))) return false;
    await saveReversed(tx, saleId, act.at);
    const lines = stored.lines.map(({ genericName: _name, ...line }) => line);
    const { settlementId } = sale;
    const command = { type: 'CompleteReversal', saleId, settlementId, lines, pharmacyId, at: act.at } as const;
    const changed = await changeOutsideVisit(tx, prescription, command, act, deps.reference);
    if (isRefused(changed)) throw new Error('a reversal that was begun can always be finished');
    const answer = { saleId, state: 'REVERSED', reversedAt: act.at };
    await rememberAnswer(tx, { clientId, key }, ReverseSaleResponse, answer);
    return true;
  });
}

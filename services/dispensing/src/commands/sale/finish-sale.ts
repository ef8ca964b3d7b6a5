// The two ends of a sale: the commit point, and everything back as it was.
import { isRefused, type Refused, refuse } from '@erx/errors';
import { type Database, forgetRequest, inTransaction, rememberAnswer, type Tx } from '@erx/postgres';
import { SellResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import type { Act } from '../../act.ts';
import { purchaseList } from '../../domain/purchase-list.ts';
import { decideSale, evolveSale, type Sale, type SaleCommand } from '../../domain/sale.ts';
import { saleView } from '../../queries/sale-view.ts';
import { lockPrescription, type StoredPrescription } from '../../store/prescription-store.ts';
import { saveCommit, saveStep } from '../../store/sale-progress.ts';
import type { StoredSale } from '../../store/sale-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';

type Deps = { database: Database; reference: Lookups; clock: BusinessClock };

/** False: another process drives this sale by now. Refusals: it cannot be committed and has to be given up. */
export async function commitSale(deps: Deps, stored: StoredSale): Promise<boolean | Refused> {
  const act = actNow(deps, stored);
  return inTransaction(deps.database, async (tx) => {
    const prescription = await locked(tx, stored);
    const sale = afterwards(stored.sale, { type: 'Commit' });
    if (sale.state !== 'COMPLETED') throw new Error('a committed sale is completed');
    const { amounts, settlementId } = sale;
    const { saleId, prescriptionId, pharmacyId, personId, lines } = stored;
    const { hiRxno } = prescription;
    const list = {
      ...purchaseList({ saleId, prescriptionId, hiRxno, pharmacyId, soldAt: act.at, lines, amounts }),
      soldAt: act.at,
    };
    const saved = await saveCommit(tx, stored, list);
    if (saved === 'LOST') return false;
    if (saved === 'TAKEN') return refuse('TRACE_CODE_DUPLICATE');
    const sold = lines.map(({ genericName: _name, ...line }) => line);
    const completed = { personId, settlementId, lines: sold, amounts };
    const command = { type: 'CommitSale', saleId, sale: completed, pharmacyId, at: act.at } as const;
    const changed = await changeOutsideVisit(tx, prescription, command, act, deps.reference);
    if (isRefused(changed)) return changed;
    await rememberAnswer(tx, requestOf(stored), SellResponse, saleView({ ...stored, sale, list }));
    return true;
  });
}

/** Packs and money are back: the quantities are open again, and the client's key is free. */
export async function abandonSale(deps: Deps, stored: StoredSale): Promise<boolean> {
  const act = actNow(deps, stored);
  return inTransaction(deps.database, async (tx) => {
    const prescription = await locked(tx, stored);
    const sale = afterwards(stored.sale, { type: 'RecordReleased' });
    if (sale.state !== 'ABANDONED') throw new Error('a released sale is abandoned');
    if (!(await saveStep(tx, stored, stored.sale.state, sale, act.machineAt))) return false;
    const { saleId, pharmacyId } = stored;
    const command = { type: 'AbandonSale', saleId, refusals: sale.refusals, pharmacyId, at: act.at } as const;
    const changed = await changeOutsideVisit(tx, prescription, command, act, deps.reference);
    if (isRefused(changed)) throw new Error('a sale in flight can always be abandoned');
    await forgetRequest(tx, requestOf(stored));
    return true;
  });
}

/** The sale after a step; throws when the step was not the next one. */
export function afterwards(sale: Sale, command: SaleCommand): Sale {
  const decision = decideSale(sale, command);
  if (isRefused(decision)) throw new Error(`${command.type} does not follow ${sale.state}`);
  return decision.events.reduce(evolveSale, sale);
}

/** The prescription of a sale, locked by this transaction. */
export async function locked(
  tx: Tx,
  { prescriptionId }: Pick<StoredSale, 'prescriptionId'>,
): Promise<StoredPrescription> {
  const prescription = await lockPrescription(tx, prescriptionId);
  if (prescription === undefined) throw new Error('a sale of no prescription');
  return prescription;
}

/** Whoever drives it on: the sale remains the act of those who asked for it. */
function actNow({ clock }: Deps, { actor, profileVersion }: StoredSale): Act {
  return { actor, at: clock.now(), machineAt: clock.machine(), profileVersion };
}

function requestOf({ clientId, requestKey: key }: StoredSale) {
  return { clientId, key };
}

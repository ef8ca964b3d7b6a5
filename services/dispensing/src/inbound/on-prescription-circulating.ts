import { isRefused } from '@erx/errors';
import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import type { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import { actAtHospital } from '../act.ts';
import { changeOutsideVisit } from '../commands/change-prescription.ts';
import { type HoldDeps, hold } from '../commands/circulation/hold.ts';
import { barredBy } from '../domain/admission.ts';
import { findTombstone, lockArrival, type Tombstone } from '../store/arrival-store.ts';
import { insertPrescription } from '../store/insert-prescription.ts';
import { lockPrescription, type StoredPrescription } from '../store/prescription-store.ts';
import { shareSigner } from '../store/signer-store.ts';

/**
 * 流转: from here on this service alone decides about the prescription. What came before it, a withdrawal or the end of
 * its doctor's admission, counts at once.
 */
export function onPrescriptionCirculating(deps: HoldDeps) {
  return async (tx: Tx, event: ConsumedEvent & { payload: PrescriptionCirculating }): Promise<void> => {
    const { prescriptionId, doctorId, hospitalId } = event.payload;
    await lockArrival(tx, prescriptionId);
    const admission = await shareSigner(tx, doctorId);
    if (!(await insertPrescription(tx, event.payload, event.id))) return;
    const tombstone = await findTombstone(tx, prescriptionId);
    const barred = admission && barredBy(admission, deps.clock.now());
    const isWithdrawn = tombstone?.hospitalId === hospitalId;
    if (!isWithdrawn && barred === undefined) return;
    const stored = await lockPrescription(tx, prescriptionId);
    if (stored === undefined) throw new Error('a prescription was not inserted');
    if (isWithdrawn) await withdrawAtOnce(tx, deps, stored, tombstone);
    else if (barred !== undefined) await hold(tx, deps, stored, barred);
  };
}

/** The act of who asked for it, at the time at which it takes effect. One that is over anyway stays as it is. */
async function withdrawAtOnce(
  tx: Tx,
  { clock, reference }: HoldDeps,
  stored: StoredPrescription,
  { actor, reason, hospitalId }: Tombstone,
): Promise<void> {
  const act = actAtHospital({ actor, at: clock.now(), machineAt: clock.machine() }, hospitalId, reference);
  const command = { type: 'Withdraw', reason, pharmacyId: '', at: act.at } as const;
  const withdrawn = await changeOutsideVisit(tx, stored, command, act, reference);
  if (isRefused(withdrawn) && withdrawn.refused[0]?.code !== 'PRESCRIPTION_EXPIRED') {
    throw new Error(`a withdrawal that was accepted is refused: ${withdrawn.refused[0]?.code}`);
  }
}

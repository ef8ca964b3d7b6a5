import { isRefused } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { Lookups } from '@erx/reference';
import type { BusinessClock } from '@erx/rpc';
import { ownAct } from '../../act.ts';
import { type Admission, barredBy, nextChange } from '../../domain/admission.ts';
import { lockOfSigner } from '../../store/due-store.ts';
import { findPrescription, type StoredPrescription } from '../../store/prescription-store.ts';
import { lockDueSigner, lockSigner, saveSignerDue } from '../../store/signer-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';

export type HoldDeps = { reference: Lookups; clock: BusinessClock };

/**
 * HB-22-0, A-6: everything that this doctor's signature still carries goes on hold when the doctor is not admitted any
 * more; a sale in flight ends first. To be asked with the signer locked: nothing enters meanwhile.
 */
export async function holdIfBarred(
  tx: Tx,
  deps: HoldDeps,
  practitionerId: string,
  admission: Admission,
): Promise<void> {
  const reason = barredBy(admission, deps.clock.now());
  if (reason === undefined) return;
  for (const prescriptionId of await lockOfSigner(tx, practitionerId)) {
    const stored = await findPrescription(tx, prescriptionId);
    if (stored === undefined) throw new Error('a prescription that was locked is never removed');
    await hold(tx, deps, stored, reason);
  }
}

/** One prescription, locked by this transaction. */
export async function hold(
  tx: Tx,
  { reference, clock }: HoldDeps,
  stored: StoredPrescription,
  reason: string,
): Promise<void> {
  const act = ownAct(clock, stored.hospitalId, reference);
  const command = { type: 'Hold', reason, pharmacyId: '', at: act.at } as const;
  const held = await changeOutsideVisit(tx, stored, command, act, reference);
  if (isRefused(held)) throw new Error(`a hold is never refused: ${held.refused[0]?.code}`);
}

/** A period of this doctor has begun or ended: the clock alone may end an admission. */
export async function judgeDueSigner(tx: Tx, deps: HoldDeps, practitionerId: string): Promise<void> {
  const now = deps.clock.now();
  await lockSigner(tx, practitionerId);
  const admission = await lockDueSigner(tx, practitionerId, now);
  if (admission === undefined) return;
  await saveSignerDue(tx, practitionerId, nextChange(admission, now));
  await holdIfBarred(tx, deps, practitionerId, admission);
}

import type { Refused } from '@erx/errors';
import type { Tx } from '@erx/postgres';
import type { Call } from '@erx/rpc';
import { actOf, profileFor } from '../act.ts';
import type { Deps } from '../deps.ts';
import type { Command } from '../domain/prescription.ts';
import { lockPrescription } from '../store/prescription-store.ts';
import { type ChangedPrescription, changePrescription } from './change-prescription.ts';

type Asked<T> = T extends unknown ? Omit<T, 'pharmacyId' | 'at'> : never;

/** One step of a visit, by the caller's pharmacy, now: locks the prescription, decides, saves, tells. */
export async function stepOfVisit(
  tx: Tx,
  { reference }: Pick<Deps, 'reference'>,
  prescriptionId: string,
  asked: Asked<Command>,
  call: Call,
): Promise<ChangedPrescription | Refused> {
  const pharmacyId = call.actor.institutionId;
  const profile = profileFor(pharmacyId, call.at, reference);
  const stored = await lockPrescription(tx, prescriptionId);
  if (stored === undefined) throw new Error('a prescription that was found is never removed');
  const { historyViewRequired } = profile.values;
  const command = { ...asked, pharmacyId, at: call.at } as Command;
  return changePrescription(tx, stored, command, { historyViewRequired }, actOf(call, profile), reference);
}

import { isRefused, type Refused, refuse } from '@erx/errors';
import { inTransaction } from '@erx/postgres';
import type { WithdrawRequest, WithdrawResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { actAtHospital } from '../../act.ts';
import type { Deps } from '../../deps.ts';
import { insertTombstone, lockArrival } from '../../store/arrival-store.ts';
import { isUuid } from '../../store/is-uuid.ts';
import { lockPrescription } from '../../store/prescription-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';

type WithdrawDeps = Pick<Deps, 'database' | 'reference'>;

/**
 * 撤方: takes everything that is open; WAITING while a sale is in flight, whose end takes the rest. One that has not
 * arrived yet will enter withdrawn. Idempotent by state.
 */
export async function withdraw(
  { database, reference }: WithdrawDeps,
  { prescriptionId, hospitalId, reason }: WithdrawRequest,
  call: Call,
): Promise<WithdrawResponse | Refused> {
  if (!isUuid(prescriptionId)) return refuse('PRESCRIPTION_NOT_FOUND');
  return inTransaction(database, async (tx) => {
    await lockArrival(tx, prescriptionId);
    const stored = await lockPrescription(tx, prescriptionId);
    if (stored === undefined) {
      await insertTombstone(tx, prescriptionId, { hospitalId, reason, actor: call.actor }, call.at);
      return { status: 'WITHDRAWN' };
    }
    if (stored.hospitalId !== hospitalId) return refuse('PRESCRIPTION_NOT_FOUND');
    const command = { type: 'Withdraw', reason, pharmacyId: '', at: call.at } as const;
    const changed = await changeOutsideVisit(
      tx,
      stored,
      command,
      actAtHospital(call, hospitalId, reference),
      reference,
    );
    if (isRefused(changed)) return changed;
    return { status: changed.state.status === 'WITHDRAWN' ? 'WITHDRAWN' : 'WAITING' };
  });
}

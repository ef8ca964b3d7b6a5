import { isRefused, type Refused, refuse } from '@erx/errors';
import { inTransaction } from '@erx/postgres';
import type { ResumeRequest, ResumeResponse } from '@erx/proto/dispensing/v1/dispensing_service';
import type { Call } from '@erx/rpc';
import { businessDate } from '@erx/values';
import { actAtHospital } from '../../act.ts';
import type { Deps } from '../../deps.ts';
import { barredBy } from '../../domain/admission.ts';
import { lockPrescription } from '../../store/prescription-store.ts';
import { shareSigner } from '../../store/signer-store.ts';
import { changeOutsideVisit } from '../change-prescription.ts';

/**
 * A-6 恢复流转: another admitted doctor has signed, as issuing has checked. That this doctor was not revoked meanwhile is
 * checked here, against the facts that would put the prescription on hold again. Idempotent by state.
 */
export async function resume(
  { database, reference }: Pick<Deps, 'database' | 'reference'>,
  { prescriptionId, doctorId, evidence }: ResumeRequest,
  call: Call,
): Promise<ResumeResponse | Refused> {
  return inTransaction(database, async (tx) => {
    const admission = await shareSigner(tx, doctorId);
    const stored = await lockPrescription(tx, prescriptionId);
    if (stored?.hospitalId !== call.actor.institutionId) return refuse('PRESCRIPTION_NOT_FOUND');
    const { state, hospitalId } = stored;
    const isRepeat = state.hold === undefined && state.signerId === doctorId && doctorId !== stored.doctorId;
    if (isRepeat) return { status: state.status };
    const barred = admission && barredBy(admission, call.at);
    if (barred !== undefined) return refuse(barred, { doctorId, date: businessDate(call.at) }, '/doctorId');
    const command = { type: 'Resume', doctorId, evidence, pharmacyId: '', at: call.at } as const;
    const changed = await changeOutsideVisit(
      tx,
      stored,
      command,
      actAtHospital(call, hospitalId, reference),
      reference,
    );
    return isRefused(changed) ? changed : { status: changed.state.status };
  });
}

import type { Tx } from '@erx/postgres';
import type { Prescription } from '../domain/prescription.ts';

/** Writes the new state of a prescription that this transaction has locked, and its newest event. */
export async function savePrescription(
  tx: Tx,
  prescriptionId: string,
  state: Prescription,
  lastEventId: string,
): Promise<void> {
  const lock = 'lock' in state ? state.lock : undefined;
  const approved = 'approved' in state ? state.approved : undefined;
  await tx.sql`
    update prescription set
      status = ${state.status}, version = version + 1, last_event_id = ${lastEventId},
      lock_id = ${lock?.lockId ?? null}, lock_pharmacy_id = ${lock?.pharmacyId ?? null},
      lock_person_id = ${lock?.personId ?? null}, lock_until = ${text(lock?.until)},
      history_viewed_by = ${lock?.historyViewed?.by ?? null}, history_viewed_at = ${text(lock?.historyViewed?.at)},
      approved_by = ${approved?.by ?? null}, approved_at = ${text(approved?.at)},
      selling_sale_id = ${'saleId' in state ? state.saleId : null}, signer_id = ${state.signerId},
      withdrawal_reason = ${state.withdrawal?.reason ?? null}, withdrawal_at = ${text(state.withdrawal?.at)},
      hold_reason = ${state.hold?.reason ?? null}, hold_at = ${text(state.hold?.at)},
      ended_lock_pharmacy_id = ${state.endedLockOf}
    where prescription_id = ${prescriptionId}`;
}

/** Writes the quantities of lines; for changes that move any. */
export async function saveQuantities(tx: Tx, prescriptionId: string, { lines }: Prescription): Promise<void> {
  await tx.sql`
    update prescription_line as line set
      open = changed.open, held = changed.held, sold = changed.sold,
      withdrawn = changed.withdrawn, expired = changed.expired
    from unnest(
      ${lines.map(({ lineNo }) => lineNo)}::integer[], ${lines.map(({ open }) => `${open}`)}::bigint[],
      ${lines.map(({ held }) => `${held}`)}::bigint[], ${lines.map(({ sold }) => `${sold}`)}::bigint[],
      ${lines.map(({ withdrawn }) => `${withdrawn}`)}::bigint[], ${lines.map(({ expired }) => `${expired}`)}::bigint[]
    ) as changed (line_no, open, held, sold, withdrawn, expired)
    where line.prescription_id = ${prescriptionId} and line.line_no = changed.line_no`;
}

function text(instant: Date | undefined): string | null {
  return instant?.toISOString() ?? null;
}

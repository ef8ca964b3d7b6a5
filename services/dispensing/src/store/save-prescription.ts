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
      selling_sale_id = ${'saleId' in state ? state.saleId : null}
    where prescription_id = ${prescriptionId}`;
}

/** Writes the quantities of lines; for changes that move any. */
export async function saveQuantities(tx: Tx, prescriptionId: string, { lines }: Prescription): Promise<void> {
  await tx.sql`
    update prescription_line as line set
      open = changed.open, held = changed.held, sold = changed.sold
    from unnest(
      ${lines.map(({ lineNo }) => lineNo)}::integer[], ${lines.map(({ open }) => `${open}`)}::bigint[],
      ${lines.map(({ held }) => `${held}`)}::bigint[], ${lines.map(({ sold }) => `${sold}`)}::bigint[]
    ) as changed (line_no, open, held, sold)
    where line.prescription_id = ${prescriptionId} and line.line_no = changed.line_no`;
}

function text(instant: Date | undefined): string | null {
  return instant?.toISOString() ?? null;
}

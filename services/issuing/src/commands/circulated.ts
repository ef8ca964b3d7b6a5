import { type Refused, refuse } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import { findPrescription, type PrescriptionRow } from '../store/prescription-store.ts';

/** A prescription of this hospital that dispensing knows or will know; any other is PRESCRIPTION_NOT_FOUND. */
export async function circulatedBy(
  database: Database,
  prescriptionId: string,
  { institutionId }: Actor,
  command: string,
): Promise<(PrescriptionRow & { documentSm3: string }) | Refused> {
  const row = await findPrescription(database, prescriptionId);
  if (row === undefined || row.hospitalId !== institutionId) {
    return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/prescriptionId');
  }
  const { documentSm3, status } = row;
  if (documentSm3 === null) return refuse('INVALID_STATE_TRANSITION', { state: status, command });
  return { ...row, documentSm3 };
}

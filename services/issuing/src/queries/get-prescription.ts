import { type Refused, refuse } from '@erx/errors';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { GetPrescriptionResponse, Step } from '@erx/proto/issuing/v1/issuing_service';
import { lineMessage } from '../outbound/events.ts';
import { findLines, findPrescription } from '../store/prescription-store.ts';
import { findSteps, type StepRow } from '../store/step-store.ts';

/** 处方进度: a hospital reads its own prescriptions; any other is PRESCRIPTION_NOT_FOUND. */
export async function getPrescription(
  database: Database,
  id: string,
  reader: Actor,
): Promise<GetPrescriptionResponse | Refused> {
  return inTransaction(database, async (tx) => {
    // One snapshot: a status never stands beside steps that it does not know yet.
    await tx.sql`set transaction isolation level repeatable read, read only`;
    return read(tx, id, reader);
  });
}

async function read(tx: Tx, id: string, reader: Actor): Promise<GetPrescriptionResponse | Refused> {
  const row = await findPrescription(tx, id);
  if (row === undefined || row.hospitalId !== reader.institutionId) {
    return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/prescriptionId');
  }
  const { prescriptionId, hiRxno, rxTraceCode, status, hospitalId, doctorId, validUntil, category } = row;
  const { personId, nameSealed, identitySealed, phoneSealed } = row;
  const lines = await findLines(tx, prescriptionId);
  const steps = await findSteps(tx, prescriptionId);
  return {
    prescriptionId,
    hiRxno,
    rxTraceCode,
    status,
    hospitalId,
    doctorId,
    patient: { personId, nameSealed, identitySealed, phoneSealed },
    documentSm3: row.documentSm3 ?? '',
    lines: lines.map(lineMessage),
    steps: steps.map(stepMessage),
    validUntil,
    category,
  };
}

function stepMessage({ name, businessAt, eventId, reason, ...who }: StepRow): Step {
  const { clientId, role, institutionId, operator, division } = who;
  return { name, at: businessAt, actor: { clientId, role, institutionId, operator, division }, eventId, reason };
}

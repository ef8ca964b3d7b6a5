import { type Refused, refuse } from '@erx/errors';
import { type Database, inTransaction, type Tx } from '@erx/postgres';
import type { Actor } from '@erx/proto/common/v1/common';
import type { Fill, GetPrescriptionResponse, Step } from '@erx/proto/issuing/v1/issuing_service';
import { lineMessage } from '../outbound/events.ts';
import { type FillRow, findFills } from '../store/fill-store.ts';
import { findLines, findPrescription, findReplacement, type PrescriptionRow } from '../store/prescription-store.ts';
import { findSteps, type StepRow } from '../store/step-store.ts';

/** 处方进度: a hospital reads its own prescriptions, as they stand at one instant; any other is PRESCRIPTION_NOT_FOUND. */
export function getPrescription(
  database: Database,
  id: string,
  reader: Actor,
): Promise<GetPrescriptionResponse | Refused> {
  return inTransaction(database, async (tx) => {
    // Status, steps and fills change together; read one after the other they would contradict each other.
    const oneInstant = tx.sql`set transaction isolation level repeatable read, read only`.execute();
    const [, row] = await Promise.all([oneInstant, findPrescription(tx, id)]);
    if (row === undefined || row.hospitalId !== reader.institutionId) {
      return refuse('PRESCRIPTION_NOT_FOUND', undefined, '/prescriptionId');
    }
    return viewOf(tx, row);
  });
}

async function viewOf(tx: Tx, row: PrescriptionRow): Promise<GetPrescriptionResponse> {
  const { prescriptionId, hiRxno, rxTraceCode, status, hospitalId, doctorId, validUntil, category } = row;
  const { personId, nameSealed, identitySealed, phoneSealed } = row;
  const [lines, fills, steps, replacement] = await Promise.all([
    findLines(tx, prescriptionId),
    findFills(tx, prescriptionId),
    findSteps(tx, prescriptionId),
    findReplacement(tx, prescriptionId),
  ]);
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
    replaces: row.replaces ?? '',
    replacedBy: replacement ?? '',
    fills: fills.map(fillMessage),
  };
}

function stepMessage({ name, businessAt, eventId, reason, ...who }: StepRow): Step {
  const { clientId, role, institutionId, operator, division } = who;
  return { name, at: businessAt, actor: { clientId, role, institutionId, operator, division }, eventId, reason };
}

function fillMessage({ prescriptionId: _, ...fill }: FillRow): Fill {
  return fill;
}

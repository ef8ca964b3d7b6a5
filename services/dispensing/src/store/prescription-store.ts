import { type Database, query, type Tx } from '@erx/postgres';
import type { Diagnosis } from '@erx/proto/common/v1/common';
import { InsuranceFacts, SealedPerson } from '@erx/proto/common/v1/common';
import type { Line, Prescription } from '../domain/prescription.ts';
import { isUuid } from './is-uuid.ts';
import { stateOf } from './prescription-state.ts';
import { prescription, prescriptionLine, sale } from './tables.ts';

/** What the doctor wrote on one line, as it came with the prescription. */
type WrittenLine = {
  lineNo: number;
  drugCode: string;
  genericName: string;
  specification: string;
  days: number;
  usage: string;
  drugClass: string;
};

export type StoredPrescription = {
  prescriptionId: string;
  hiRxno: string;
  rxTraceCode: string;
  hospitalId: string;
  doctorId: string;
  personId: string;
  patient: SealedPerson;
  documentSm3: string;
  /** Medical category that it was issued for. */
  category: string;
  diagnoses: Diagnosis[];
  prescribedAt: Date;
  /** As judged at pre-check. */
  insurance: InsuranceFacts;
  written: readonly WrittenLine[];
  state: Prescription;
  /** Newest event of this prescription that is known here. */
  lastEventId: string;
};

type Reader = Pick<Database, 'db'>;
type Row = typeof prescription.$inferSelect;
type LineRow = typeof prescriptionLine.$inferSelect;

export async function findPrescription(reader: Reader, id: string): Promise<StoredPrescription | undefined> {
  if (!isUuid(id)) return undefined;
  const [found] = await read(reader, query.eq(prescription.prescriptionId, id));
  return found;
}

export async function findByTraceCode(reader: Reader, rxTraceCode: string): Promise<StoredPrescription | undefined> {
  const [found] = await read(reader, query.eq(prescription.rxTraceCode, rxTraceCode));
  return found;
}

/** This person's prescriptions that are not over and still valid, or being sold right now; newest first. */
export function findOpenOfPerson(reader: Reader, personId: string, at: Date): Promise<StoredPrescription[]> {
  const { status, validUntil } = prescription;
  const open = query.and(
    query.eq(prescription.personId, personId),
    query.notInArray(status, ['SETTLED', 'HANDED_OVER', 'WITHDRAWN', 'EXPIRED']),
    query.or(query.gt(validUntil, at), query.eq(status, 'SELLING')),
  );
  return read(reader, open);
}

/** All of this person's prescriptions, whatever became of them; newest first. */
export function findAllOfPerson(reader: Reader, personId: string): Promise<StoredPrescription[]> {
  return read(reader, query.eq(prescription.personId, personId));
}

/**
 * The prescription, locked until the transaction ends. Its lines are read after the lock was given: read together, they
 * could be older than the row.
 */
export async function lockPrescription(tx: Tx, id: string): Promise<StoredPrescription | undefined> {
  if (!isUuid(id)) return undefined;
  const locked = await tx.sql`select 1 from prescription where prescription_id = ${id} for update`;
  return locked.count === 0 ? undefined : findPrescription(tx, id);
}

async function read(reader: Reader, which: ReturnType<typeof query.and>): Promise<StoredPrescription[]> {
  const rows = await reader.db
    .select()
    .from(prescription)
    .where(which)
    .orderBy(query.desc(prescription.prescriptionId));
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.prescriptionId);
  const lines = await reader.db
    .select()
    .from(prescriptionLine)
    .where(query.inArray(prescriptionLine.prescriptionId, ids))
    .orderBy(prescriptionLine.lineNo);
  const waiting = await reader.db
    .select({ saleId: sale.saleId, prescriptionId: sale.prescriptionId, state: sale.state })
    .from(sale)
    .where(query.and(query.inArray(sale.prescriptionId, ids), query.inArray(sale.state, ['COMPLETED', 'REVERSING'])));
  return rows.map((row) => fromRows(row, lines.filter(of(row)), waiting.filter(of(row))));
}

function of({ prescriptionId }: Row) {
  return (each: { prescriptionId: string }) => each.prescriptionId === prescriptionId;
}

type SoldRow = { saleId: string; state: string };

function fromRows(row: Row, rows: readonly LineRow[], sold: readonly SoldRow[]): StoredPrescription {
  const saleIn = (state: string) => sold.filter((each) => each.state === state).map(({ saleId }) => saleId);
  const { prescriptionId, hiRxno, rxTraceCode, hospitalId, doctorId, personId, documentSm3, category } = row;
  const lines: Line[] = rows.map(({ lineNo, prescribed, open, held, sold, withdrawn, expired }) => ({
    lineNo,
    prescribed,
    open,
    held,
    sold,
    withdrawn,
    expired,
  }));
  return {
    prescriptionId,
    hiRxno,
    rxTraceCode,
    hospitalId,
    doctorId,
    personId,
    patient: SealedPerson.decode(row.patientSealed),
    documentSm3,
    category,
    diagnoses: JSON.parse(row.diagnoses) as Diagnosis[],
    prescribedAt: row.prescribedAt,
    insurance: InsuranceFacts.decode(row.insurance),
    written: rows.map(({ lineNo, drugCode, genericName, specification, days, usage, drugClass }) => ({
      lineNo,
      drugCode,
      genericName,
      specification,
      days,
      usage,
      drugClass,
    })),
    state: stateOf(row, { lines, awaitingHandOver: saleIn('COMPLETED'), reversing: saleIn('REVERSING') }),
    lastEventId: row.lastEventId,
  };
}

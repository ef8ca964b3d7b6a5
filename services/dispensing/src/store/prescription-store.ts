import { rowsOf, type Sql, type Tx } from '@erx/postgres';
import type { Diagnosis } from '@erx/proto/common/v1/common';
import { InsuranceFacts, SealedPerson } from '@erx/proto/common/v1/common';
import type { Line, Prescription } from '../domain/prescription.ts';
import { isUuid } from './is-uuid.ts';
import { stateOf } from './prescription-state.ts';
import { prescription, prescriptionLine } from './tables.ts';

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

type Reader = { sql: Sql | Tx['sql'] };
type PendingQuery = ReturnType<Sql>;
type Row = typeof prescription.$inferSelect;
type LineRow = typeof prescriptionLine.$inferSelect;

const rowOf = rowsOf(prescription);
const lineOf = rowsOf(prescriptionLine);

export async function findPrescription(reader: Reader, id: string): Promise<StoredPrescription | undefined> {
  if (!isUuid(id)) return undefined;
  const [found] = await read(reader, reader.sql`prescription_id = ${id}`);
  return found;
}

export async function findByTraceCode(reader: Reader, rxTraceCode: string): Promise<StoredPrescription | undefined> {
  const [found] = await read(reader, reader.sql`rx_trace_code = ${rxTraceCode}`);
  return found;
}

/** This person's prescriptions that are not over and still valid, or being sold right now; newest first. */
export function findOpenOfPerson(reader: Reader, personId: string, at: Date): Promise<StoredPrescription[]> {
  return read(
    reader,
    reader.sql`person_id = ${personId} and status not in ('SETTLED', 'HANDED_OVER', 'WITHDRAWN', 'EXPIRED')
      and (valid_until > ${at.toISOString()} or status = 'SELLING')`,
  );
}

/** All of this person's prescriptions, whatever became of them; newest first. */
export function findAllOfPerson(reader: Reader, personId: string): Promise<StoredPrescription[]> {
  return read(reader, reader.sql`person_id = ${personId}`);
}

/**
 * The prescription, locked until the transaction ends. It is read by a statement of its own, sent along with the one
 * that locks: what waited for a lock may see lines that are older than the row.
 */
export async function lockPrescription(tx: Tx, id: string): Promise<StoredPrescription | undefined> {
  if (!isUuid(id)) return undefined;
  const locking = tx.sql`select 1 from prescription where prescription_id = ${id} for update`.execute();
  const [, found] = await Promise.all([locking, findPrescription(tx, id)]);
  return found;
}

type Found = Record<string, unknown> & { lines: string; open_sales: string };

async function read(reader: Reader, which: PendingQuery): Promise<StoredPrescription[]> {
  const rows = await reader.sql<Found[]>`
    select prescription.*,
      (select json_agg(line order by line_no) from prescription_line as line
        where line.prescription_id = prescription.prescription_id)::text as lines,
      (select coalesce(json_agg(json_build_object('saleId', sale_id, 'state', state)), '[]') from sale
        where sale.prescription_id = prescription.prescription_id
          and state in ('COMPLETED', 'REVERSING'))::text as open_sales
    from prescription where ${which} order by prescription_id desc`;
  return rows.map(({ lines, open_sales, ...row }) =>
    fromRows(rowOf(row), (JSON.parse(lines) as Record<string, unknown>[]).map(lineOf), JSON.parse(open_sales)),
  );
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

import { type Database, query, rowsOf, type Sql, type Tx } from '@erx/postgres';
import type { OnTheWay, Prescription } from '../domain/prescription.ts';
import { prescription, prescriptionDiagnosis, prescriptionLine } from './tables.ts';

export type PrescriptionRow = typeof prescription.$inferSelect;
export type LineRow = typeof prescriptionLine.$inferSelect;
export type DiagnosisRow = typeof prescriptionDiagnosis.$inferSelect;
export type Contents = { lines: LineRow[]; diagnoses: DiagnosisRow[] };

type Reader = Pick<Database, 'db'>;
type RawReader = { sql: Sql | Tx['sql'] };

const rowOf = rowsOf(prescription);

// A text that is no UUID names nothing; the database would refuse it.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function insertPrescription(
  tx: Tx,
  row: typeof prescription.$inferInsert,
  lines: readonly LineRow[],
  diagnoses: readonly DiagnosisRow[],
): Promise<void> {
  await tx.db.insert(prescription).values(row);
  await Promise.all([
    tx.db.insert(prescriptionLine).values([...lines]),
    tx.db.insert(prescriptionDiagnosis).values([...diagnoses]),
  ]);
}

export async function findPrescription({ sql }: RawReader, id: string): Promise<PrescriptionRow | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await sql`select * from prescription where prescription_id = ${id}`;
  return row && rowOf(row);
}

/** The row, locked until the transaction ends. */
export async function lockPrescription(tx: Tx, id: string): Promise<PrescriptionRow | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await tx.sql`select * from prescription where prescription_id = ${id} for update`;
  return row && rowOf(row);
}

export async function findLines({ db }: Reader, id: string): Promise<LineRow[]> {
  const { prescriptionId, lineNo } = prescriptionLine;
  return db.select().from(prescriptionLine).where(query.eq(prescriptionId, id)).orderBy(lineNo);
}

/** Lines and diagnoses, in the order of the request. */
export async function findContents(reader: Reader, id: string): Promise<Contents> {
  const [lines, diagnoses] = await Promise.all([
    findLines(reader, id),
    reader.db
      .select()
      .from(prescriptionDiagnosis)
      .where(query.eq(prescriptionDiagnosis.prescriptionId, id))
      .orderBy(prescriptionDiagnosis.position),
  ]);
  return { lines, diagnoses };
}

/** The state that dispensing's reports have led to; undefined before CIRCULATING, when dispensing cannot know it. */
export function onTheWay({ status, awaitingHandOver, reversing }: PrescriptionRow): Prescription | undefined {
  switch (status) {
    case 'PRECHECKED':
      return undefined;
    case 'HANDED_OVER':
      return { state: status };
    default:
      return { state: status as OnTheWay['state'], awaitingHandOver, reversing };
  }
}

type Change = { prescription: Prescription; eventId: string };

/** CIRCULATING with its document. */
export async function saveCirculating(
  tx: Tx,
  id: string,
  { prescription: { state }, eventId }: Change,
  document: { sealed: Uint8Array; sm3: string; at: Date },
): Promise<void> {
  await tx.sql`
    update prescription
    set status = ${state}, version = version + 1, last_event_id = ${eventId}, document_sealed = ${document.sealed},
        document_sm3 = ${document.sm3}, circulating_at = ${document.at.toISOString()}
    where prescription_id = ${id}`;
}

/** Where dispensing has brought it. */
export async function saveProgress(tx: Tx, id: string, { prescription: current, eventId }: Change): Promise<void> {
  const { awaitingHandOver = [], reversing = [] } = 'awaitingHandOver' in current ? current : {};
  await tx.sql`
    update prescription
    set status = ${current.state}, version = version + 1, last_event_id = ${eventId},
        awaiting_hand_over = ${[...awaitingHandOver]}::uuid[], reversing = ${[...reversing]}::uuid[]
    where prescription_id = ${id}`;
}

/** Dispensing has answered a withdrawal with WITHDRAWN; its event will follow. The first answer counts. */
export async function noteWithdrawal(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.sql`
    update prescription set withdrawal_answered_at = ${at.toISOString()}
    where prescription_id = ${id} and withdrawal_answered_at is null`;
}

/** What was issued anew for it: the one that circulates rather than one that was only pre-checked, the newest of several. */
export async function findReplacement({ db }: Reader, id: string): Promise<string | undefined> {
  const { prescriptionId, replaces, circulatingAt, prescribedAt } = prescription;
  const [row] = await db
    .select({ prescriptionId })
    .from(prescription)
    .where(query.eq(replaces, id))
    .orderBy(query.sql`${circulatingAt} desc nulls last`, query.sql`${prescribedAt} desc`, prescriptionId)
    .limit(1);
  return row?.prescriptionId;
}

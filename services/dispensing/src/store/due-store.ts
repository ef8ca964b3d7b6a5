import type { Database, Tx } from '@erx/postgres';
import { findPrescription, type StoredPrescription } from './prescription-store.ts';

/** Prescriptions that the clock alone changes by `now`; the longest overdue first. */
export async function findDue({ sql }: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await sql<{ prescription_id: string }[]>`
    select prescription_id from prescription where due_at <= ${now.toISOString()} order by due_at limit ${limit}`;
  return rows.map((row) => row.prescription_id);
}

/** One of them, locked; undefined when it is not due any more, or somebody else works on it. */
export async function lockDue(tx: Tx, prescriptionId: string, now: Date): Promise<StoredPrescription | undefined> {
  const locked = await tx.sql`
    select 1 from prescription where prescription_id = ${prescriptionId} and due_at <= ${now.toISOString()}
    for update skip locked`;
  return locked.count === 0 ? undefined : findPrescription(tx, prescriptionId);
}

/** Locks everything of a signer that is not over, and gives the ids. */
export async function lockOfSigner({ sql }: Tx, signerId: string): Promise<string[]> {
  const rows = await sql<{ prescription_id: string }[]>`
    select prescription_id from prescription
    where signer_id = ${signerId} and status not in ('HANDED_OVER', 'WITHDRAWN', 'EXPIRED')
    order by prescription_id for update`;
  return rows.map((row) => row.prescription_id);
}

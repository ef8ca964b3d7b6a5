import type { Database, Tx } from '@erx/postgres';
import { Practitioner } from '@erx/proto/registry/v1/registry_events';
import type { Admission } from '../domain/admission.ts';

/** Nothing enters under this doctor's signature until the transaction ends. */
export async function lockSigner(tx: Tx, practitionerId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`signer ${practitionerId}`}::text, 0))`;
}

/** What is known of this doctor stays so until the transaction ends; others may know it too. */
export async function shareSigner(tx: Tx, practitionerId: string): Promise<Admission | undefined> {
  await tx.sql`select pg_advisory_xact_lock_shared(hashtextextended(${`signer ${practitionerId}`}::text, 0))`;
  const [row] = await tx.sql<{ admission: Uint8Array }[]>`
    select admission from signer where practitioner_id = ${practitionerId}`;
  return row === undefined ? undefined : Practitioner.decode(row.admission);
}

/** False: a newer revision is known already. */
export async function saveSigner(
  tx: Tx,
  { practitionerId, licensed, insuredPhysician, filings }: Practitioner,
  revision: bigint,
  dueAt: Date | undefined,
): Promise<boolean> {
  const admission = Practitioner.encode(Practitioner.fromPartial({ licensed, insuredPhysician, filings })).finish();
  const written = await tx.sql`
    insert into signer (practitioner_id, revision, admission, due_at)
    values (${practitionerId}, ${revision.toString()}, ${admission}, ${dueAt?.toISOString() ?? null})
    on conflict (practitioner_id) do update
      set revision = excluded.revision, admission = excluded.admission, due_at = excluded.due_at
      where signer.revision < excluded.revision`;
  return written.count === 1;
}

/** Doctors of whom a period has begun or ended by `now`. */
export async function findDueSigners({ sql }: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await sql<{ practitioner_id: string }[]>`
    select practitioner_id from signer where due_at <= ${now.toISOString()} order by due_at limit ${limit}`;
  return rows.map((row) => row.practitioner_id);
}

/** The admission of a doctor that is due, locked; undefined when another process has judged it meanwhile. */
export async function lockDueSigner(tx: Tx, practitionerId: string, now: Date): Promise<Admission | undefined> {
  const [row] = await tx.sql<{ admission: Uint8Array }[]>`
    select admission from signer
    where practitioner_id = ${practitionerId} and due_at <= ${now.toISOString()} for update`;
  return row === undefined ? undefined : Practitioner.decode(row.admission);
}

export async function saveSignerDue(tx: Tx, practitionerId: string, dueAt: Date | undefined): Promise<void> {
  await tx.sql`
    update signer set due_at = ${dueAt?.toISOString() ?? null} where practitioner_id = ${practitionerId}`;
}

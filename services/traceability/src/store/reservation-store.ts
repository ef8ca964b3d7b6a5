import type { Tx } from '@erx/postgres';
import type { Reservation } from '../domain/reservation.ts';

/** `codes`: packages of the sale; 0 for a sale that never reserved. */
export type StoredReservation = { reservation: Reservation; codes: number };
type Sale = { saleId: string; prescriptionId: string };

/**
 * Writes the first state of a sale, or gives the one that was there before, locked. Two calls that both believe to be
 * first are told apart by the key.
 */
export async function startOrLock(
  tx: Tx,
  { saleId, prescriptionId }: Sale,
  first: Reservation,
  codes: number,
): Promise<StoredReservation | undefined> {
  const content = 'content' in first ? Buffer.from(first.content, 'hex') : null;
  const started = await tx.sql`
    insert into reservation (sale_id, prescription_id, state, content_hash, codes, version)
    values (${saleId}, ${prescriptionId}, ${first.state}, ${content}, ${codes}, 1) on conflict do nothing`;
  return started.count === 1 ? undefined : lockReservation(tx, saleId);
}

export async function lockReservation(tx: Tx, saleId: string): Promise<StoredReservation> {
  const [row] = await tx.sql<{ state: Reservation['state']; content: string | null; codes: number }[]>`
    select state, encode(content_hash, 'hex') as content, codes from reservation
    where sale_id = ${saleId} for update`;
  if (row === undefined) return { reservation: { state: 'NONE' }, codes: 0 };
  const { state, content, codes } = row;
  if (state === 'NONE' || state === 'RELEASED') return { reservation: { state }, codes };
  if (content === null) throw new Error(`reservation is ${state} without content`);
  return { reservation: { state, content }, codes };
}

/** Writes the new state of a locked reservation. */
export async function saveReservation(tx: Tx, saleId: string, reservation: Reservation): Promise<void> {
  await tx.sql`
    update reservation set state = ${reservation.state}, version = version + 1 where sale_id = ${saleId}`;
}

import type { Tx } from '@erx/postgres';
import type { Reservation } from '../domain/reservation.ts';

/** `codes`: packages of the sale; 0 for a sale that never reserved. The others: what its reversal gave back. */
export type StoredReservation = { reservation: Reservation; codes: number; restocked: number; quarantined: number };
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
  const [row] = await tx.sql<(Omit<StoredReservation, 'reservation'> & StoredState)[]>`
    select state, encode(content_hash, 'hex') as content, codes, restocked, quarantined from reservation
    where sale_id = ${saleId} for update`;
  if (row === undefined) return { reservation: { state: 'NONE' }, codes: 0, restocked: 0, quarantined: 0 };
  const { state, content, ...counts } = row;
  if (state === 'NONE' || state === 'RELEASED') return { reservation: { state }, ...counts };
  if (content === null) throw new Error(`reservation is ${state} without content`);
  return { reservation: { state, content }, ...counts };
}

type StoredState = { state: Reservation['state']; content: string | null };

/** Writes the new state of a locked reservation. */
export async function saveReservation(tx: Tx, saleId: string, reservation: Reservation): Promise<void> {
  await tx.sql`
    update reservation set state = ${reservation.state}, version = version + 1 where sale_id = ${saleId}`;
}

/** How many packages the reversal of a sale gave back. */
export async function saveReturned(
  tx: Tx,
  saleId: string,
  { restocked, quarantined }: { restocked: number; quarantined: number },
): Promise<void> {
  await tx.sql`
    update reservation set restocked = ${restocked}, quarantined = ${quarantined} where sale_id = ${saleId}`;
}

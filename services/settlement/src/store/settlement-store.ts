import type { Tx } from '@erx/postgres';
import type { Settlement } from '../domain/settlement.ts';

type Sale = { saleId: string; prescriptionId: string };

/** `settlementId` is empty for a sale that never settled. */
export type StoredSettlement = Sale & { settlement: Settlement; settlementId: string };

/** The new settlement's id, the one that was there before (locked), or that its quote went to another sale. */
type Started = { settlementId: string } | { earlier: StoredSettlement } | { quoteUsed: true };

/**
 * Writes the first state of a sale. Two calls that both believe to be first, and two sales with one quote, are told
 * apart by the keys.
 */
export async function startSettling(tx: Tx, sale: Sale, content: string, quoteId: string): Promise<Started> {
  const [started] = await tx.sql<{ settlement_id: string }[]>`
    insert into settlement (sale_id, prescription_id, state, settlement_id, quote_id, content_hash, version)
    values (${sale.saleId}, ${sale.prescriptionId}, 'SETTLED', uuidv7(), ${quoteId}, ${Buffer.from(content, 'hex')}, 1)
    on conflict do nothing returning settlement_id`;
  if (started !== undefined) return { settlementId: started.settlement_id };
  const earlier = await lockSettlement(tx, sale.saleId);
  return earlier === undefined ? { quoteUsed: true } : { earlier };
}

/** Leaves a tombstone, or gives the settlement that was there before, locked. */
export async function forbidOrLock(tx: Tx, sale: Sale): Promise<StoredSettlement | undefined> {
  const forbidden = await tx.sql`
    insert into settlement (sale_id, prescription_id, state, version)
    values (${sale.saleId}, ${sale.prescriptionId}, 'NEVER_SETTLED', 1) on conflict do nothing`;
  return forbidden.count === 1 ? undefined : lockSettlement(tx, sale.saleId);
}

type Row = {
  prescription_id: string;
  state: Exclude<Settlement['state'], 'NONE'>;
  settlement_id: string | null;
  content: string | null;
};

export async function lockSettlement(tx: Tx, saleId: string): Promise<StoredSettlement | undefined> {
  const [row] = await tx.sql<Row[]>`
    select prescription_id, state, settlement_id, encode(content_hash, 'hex') as content
    from settlement where sale_id = ${saleId} for update`;
  if (row === undefined) return undefined;
  const { prescription_id: prescriptionId, state, content } = row;
  const names = { saleId, prescriptionId, settlementId: row.settlement_id ?? '' };
  if (state === 'NEVER_SETTLED') return { ...names, settlement: { state } };
  if (content === null) throw new Error(`settlement is ${state} without content`);
  return { ...names, settlement: { state, content } };
}

/** Writes the new state of a locked settlement. */
export async function saveState(tx: Tx, saleId: string, state: Settlement['state']): Promise<void> {
  await tx.sql`update settlement set state = ${state}, version = version + 1 where sale_id = ${saleId}`;
}

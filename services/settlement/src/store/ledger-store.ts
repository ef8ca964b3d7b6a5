import type { Tx } from '@erx/postgres';
import type { Account, Entry } from '../domain/ledger.ts';

/** Appends one posting; the database refuses one that does not balance. */
export async function post(
  { sql }: Tx,
  saleId: string,
  posting: 'SETTLEMENT' | 'REVERSAL',
  entries: readonly Entry[],
): Promise<void> {
  await sql`
    insert into ledger_entry (sale_id, posting, account, amount)
    select ${saleId}, ${posting}, account, amount from unnest(
      ${entries.map((entry) => entry.account)}::text[], ${entries.map((entry) => entry.amount.toString())}::bigint[]
    ) as entry (account, amount)`;
}

/** What was posted when the sale was settled. */
export async function readSettlementPosting({ sql }: Tx, saleId: string): Promise<Entry[]> {
  return sql<{ account: Account; amount: bigint }[]>`
    select account, amount from ledger_entry where sale_id = ${saleId} and posting = 'SETTLEMENT'`;
}

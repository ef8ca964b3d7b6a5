// Steps of a sale in flight. Each is written only by the process that still holds the sale's lease.
import type { Database, Tx } from '@erx/postgres';
import { Refusals } from '@erx/proto/common/v1/common';
import { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { toMessage } from '@erx/rpc';
import type { Sale, SaleState } from '../domain/sale.ts';
import type { Lease, StoredSale } from './sale-store.ts';

/** Writes the next state and prolongs the lease. False: another process drives the sale by now, and nothing is written. */
export async function saveStep(
  { sql }: Pick<Tx, 'sql'> | Pick<Database, 'sql'>,
  { saleId, leaseToken }: Pick<StoredSale, 'saleId' | 'leaseToken'>,
  from: SaleState,
  next: Sale,
  leaseUntil: Date,
): Promise<boolean> {
  const settled = 'amounts' in next ? next : undefined;
  const refusals = 'refusals' in next ? Refusals.encode({ refusals: next.refusals.map(toMessage) }).finish() : null;
  const written = await sql`
    update sale set
      state = ${next.state}, version = version + 1, attempts = 0, lease_until = ${leaseUntil.toISOString()},
      settlement_id = coalesce(${settled?.settlementId ?? null}, settlement_id),
      amounts = coalesce(${settled ? Amounts.encode(settled.amounts).finish() : null}::bytea, amounts),
      total_fen = coalesce(${text(settled?.amounts.total)}::bigint, total_fen),
      basic_fen = coalesce(${text(settled?.amounts.basic)}::bigint, basic_fen),
      serious_fen = coalesce(${text(settled?.amounts.serious)}::bigint, serious_fen),
      aid_fen = coalesce(${text(settled?.amounts.aid)}::bigint, aid_fen),
      patient_fen = coalesce(${text(settled?.amounts.patient)}::bigint, patient_fen),
      refusals = coalesce(${refusals}::bytea, refusals)
    where sale_id = ${saleId} and lease_token = ${leaseToken} and state = ${from}`;
  return written.count === 1;
}

/**
 * The commit point: the sale with its purchase list and its packages. TAKEN: another sale has one of the packages, and
 * the transaction must be undone. LOST: another process drives this sale by now.
 */
export async function saveCommit(
  tx: Tx,
  { saleId, leaseToken, lines }: StoredSale,
  list: { bytes: Uint8Array; sm3: string; soldAt: Date },
): Promise<'SAVED' | 'TAKEN' | 'LOST'> {
  const written = await tx.sql`
    update sale set
      state = 'COMPLETED', version = version + 1, attempts = 0, purchase_list = ${list.bytes},
      list_sm3 = ${list.sm3}, sold_at = ${list.soldAt.toISOString()}
    where sale_id = ${saleId} and lease_token = ${leaseToken} and state = 'SETTLED'`;
  if (written.count === 0) return 'LOST';
  const codes = lines.flatMap(({ lineNo, traceCodes }) => traceCodes.map((code) => ({ lineNo, code })));
  const taken = await tx.sql`
    insert into sale_code (trace_code, sale_id, line_no)
    select code, ${saleId}::uuid, line_no
    from unnest(${codes.map(({ code }) => code)}::text[], ${codes.map(({ lineNo }) => lineNo)}::integer[])
      as scanned (code, line_no)
    on conflict do nothing`;
  return taken.count === codes.length ? 'SAVED' : 'TAKEN';
}

export async function saveHandedOver(tx: Tx, saleId: string, at: Date): Promise<void> {
  await tx.sql`
    update sale set state = 'HANDED_OVER', version = version + 1, handed_over_at = ${at.toISOString()}
    where sale_id = ${saleId}`;
}

/** A step got no answer: the sale waits until `until`, then any process may take it up. */
export async function postpone({ sql }: Database, { saleId, leaseToken }: StoredSale, until: Date): Promise<void> {
  await sql`
    update sale set attempts = attempts + 1, lease_until = ${until.toISOString()}
    where sale_id = ${saleId} and lease_token = ${leaseToken}`;
}

/** No lease is given for so long. */
const LONGEST_LEASE_MS = 60_000;

/**
 * Takes up unfinished sales whose lease has ended by `now`, whoever drove them before. One that ends far ahead was given
 * by a clock that ran ahead and was put right since: waiting for its end would leave the sale in flight for hours.
 */
export async function takeUp({ sql }: Database, now: Date, lease: Lease, limit: number): Promise<string[]> {
  const beyondAnyLease = new Date(now.getTime() + LONGEST_LEASE_MS);
  const rows = await sql<{ sale_id: string }[]>`
    update sale set lease_token = ${lease.token}, lease_until = ${lease.until.toISOString()}
    where sale_id in (
      select sale_id from sale
      where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING', 'REVERSING')
        and (lease_until <= ${now.toISOString()} or lease_until > ${beyondAnyLease.toISOString()})
      order by lease_until limit ${limit} for update skip locked)
    returning sale_id`;
  return rows.map((row) => row.sale_id);
}

function text(fen: bigint | undefined): string | null {
  return fen === undefined ? null : `${fen}`;
}

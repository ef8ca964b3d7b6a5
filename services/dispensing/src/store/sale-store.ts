import { type Database, query, rowsOf, type Sql, type Tx } from '@erx/postgres';
import { Actor, Refusals } from '@erx/proto/common/v1/common';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import { Amounts } from '@erx/proto/settlement/v1/settlement_events';
import { Basis } from '@erx/proto/settlement/v1/settlement_service';
import { ReserveRequest } from '@erx/proto/traceability/v1/traceability_service';
import { fromMessage } from '@erx/rpc';
import type { Sale } from '../domain/sale.ts';
import { isUuid } from './is-uuid.ts';
import { sale, saleLine } from './tables.ts';

/** What a sale was begun with: everything that its steps need. */
export type NewSale = {
  saleId: string;
  prescriptionId: string;
  pharmacyId: string;
  personId: string;
  clientId: string;
  requestKey: string;
  actor: Actor;
  profileVersion: string;
  reserveRequest: ReserveRequest;
  basis: Basis;
  /** Settlement's own token. */
  quoteToken: string;
  quoteExpiresAt: Date;
  begunAt: Date;
  /** Its SaleStarted. */
  startedEventId: string;
  lines: readonly (SaleLine & { genericName: string })[];
};

export type StoredSale = NewSale & {
  sale: Sale;
  list: { bytes: Uint8Array; sm3: string; soldAt: Date } | undefined;
  handedOverAt: Date | undefined;
  leaseToken: string;
  attempts: number;
};

type Reader = Pick<Database, 'db'>;
type RawReader = { sql: Sql | Tx['sql'] };
type Row = typeof sale.$inferSelect;

export type Lease = { token: string; until: Date };

export async function insertSale(tx: Tx, begun: NewSale, lease: Lease): Promise<void> {
  const { lines, actor, reserveRequest, basis, ...plain } = begun;
  await tx.db.insert(sale).values({
    ...plain,
    state: 'INTENT',
    actor: Actor.encode(actor).finish(),
    reserveRequest: ReserveRequest.encode(reserveRequest).finish(),
    basis: Basis.encode(basis).finish(),
    leaseToken: lease.token,
    leaseUntil: lease.until,
    attempts: 0,
    version: 1,
  });
  await tx.db.insert(saleLine).values(
    lines.map(({ lineNo, drugCode, genericName, quantity, unitPrice }) => ({
      saleId: begun.saleId,
      lineNo,
      drugCode,
      genericName,
      quantity,
      unitPrice,
    })),
  );
}

const rowOf = rowsOf(sale);
const lineOf = rowsOf(saleLine);

export async function findSale({ sql }: RawReader, saleId: string): Promise<StoredSale | undefined> {
  if (!isUuid(saleId)) return undefined;
  const [found] = await sql<(Record<string, unknown> & { lines: string })[]>`
    select sale.*,
      (select json_agg(line order by line_no) from sale_line as line where line.sale_id = sale.sale_id)::text as lines
    from sale where sale_id = ${saleId}`;
  if (found === undefined) return undefined;
  return fromRow(rowOf(found), (JSON.parse(found.lines) as Record<string, unknown>[]).map(lineOf));
}

/** The newest sale that a client's request has begun. */
export async function findSaleOfRequest(
  reader: Reader,
  { clientId, key }: { clientId: string; key: string },
): Promise<string | undefined> {
  const [row] = await reader.db
    .select({ saleId: sale.saleId })
    .from(sale)
    .where(query.and(query.eq(sale.clientId, clientId), query.eq(sale.requestKey, key)))
    .orderBy(query.desc(sale.begunAt))
    .limit(1);
  return row?.saleId;
}

/** Has a completed sale of the prescription used this quote? One quote buys once (CX-22c). */
export async function isQuoteUsed(reader: Reader, prescriptionId: string, quoteToken: string): Promise<boolean> {
  const rows = await reader.db
    .select({ saleId: sale.saleId })
    .from(sale)
    .where(
      query.and(
        query.eq(sale.prescriptionId, prescriptionId),
        query.isNotNull(sale.listSm3),
        query.eq(sale.quoteToken, quoteToken),
      ),
    );
  return rows.length > 0;
}

function fromRow(row: Row, lines: readonly (typeof saleLine.$inferSelect)[]): StoredSale {
  const reserveRequest = ReserveRequest.decode(row.reserveRequest);
  const { saleId, prescriptionId, pharmacyId, personId, clientId, requestKey, profileVersion } = row;
  const { quoteToken, quoteExpiresAt, begunAt, startedEventId, purchaseList, listSm3, soldAt, leaseToken, attempts } =
    row;
  return {
    saleId,
    prescriptionId,
    pharmacyId,
    personId,
    clientId,
    requestKey,
    actor: Actor.decode(row.actor),
    profileVersion,
    reserveRequest,
    basis: Basis.decode(row.basis),
    quoteToken,
    quoteExpiresAt,
    begunAt,
    startedEventId,
    lines: lines.map(({ lineNo, drugCode, genericName, quantity, unitPrice }) => ({
      lineNo,
      drugCode,
      genericName,
      quantity,
      unitPrice,
      traceCodes: reserveRequest.lines.find((line) => line.lineNo === lineNo)?.traceCodes ?? [],
    })),
    sale: stateOf(row),
    list:
      purchaseList === null || listSm3 === null || soldAt === null
        ? undefined
        : { bytes: purchaseList, sm3: listSm3, soldAt },
    handedOverAt: row.handedOverAt ?? undefined,
    leaseToken,
    attempts,
  };
}

function stateOf({ state, settlementId, amounts, refusals }: Row): Sale {
  switch (state) {
    case 'INTENT':
    case 'RESERVED':
      return { state };
    case 'SETTLED':
    case 'COMPLETED':
    case 'HANDED_OVER':
    case 'REVERSING':
    case 'REVERSED':
      if (settlementId === null || amounts === null) break;
      return { state, settlementId, amounts: Amounts.decode(amounts) };
    case 'RELEASING':
    case 'ABANDONED':
      if (refusals === null) break;
      return { state, refusals: Refusals.decode(refusals).refusals.map(fromMessage) };
  }
  throw new Error(`a sale cannot be stored as ${state} like this`);
}

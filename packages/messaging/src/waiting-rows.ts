import type { ReservedSql, Sql } from 'postgres';
import type { Row } from './publisher.ts';

type Session = Sql<{ bigint: bigint }> | ReservedSql<{ bigint: bigint }>;

const BATCH = 500;
// The broker takes at most 1 MiB at once for a partition, headers and keys included; one event alone may always go.
const BATCH_BYTES = 512 * 1024;

/** The next events of the outbox that wait to be published, in order. */
export function nextWaiting(session: Session): PromiseLike<Row[]> {
  return session<Row[]>`
    select seq, topic, key, headers, payload
    from (
      select *, sum(octet_length(payload)) over (order by seq) - octet_length(payload) as bytes_before
      from outbox where published_at is null order by seq limit ${BATCH}) as next
    where bytes_before < ${BATCH_BYTES} order by seq`;
}

/** More of them waited than one batch holds. */
export function isCutShort(rows: readonly Row[]): boolean {
  return rows.length === BATCH || rows.reduce((bytes, row) => bytes + row.payload.length, 0) >= BATCH_BYTES;
}

export async function markPublished(session: Session, rows: readonly Row[]): Promise<void> {
  const sent = rows.map((row) => row.seq.toString());
  await session`update outbox set published_at = now() where seq = any(${sent}::bigint[])`;
}

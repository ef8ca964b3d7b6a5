// Idempotency: key, hash and answer of a client's request are one row in the transaction of the change.
import type { Database } from './database.ts';
import type { Tx } from './transaction.ts';

/** A write as the gateway passed it on. `hash` = HMAC over method, path and exact body, made before sealing. */
export type ClientRequest = { clientId: string; key: string; hash: string };

type Codec<T> = { encode(message: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T };
type Stored = { hash: string; operation: string; answer: Uint8Array | null };
export type Recalled<T> = { answer: T } | { running: true } | { reused: true } | undefined;

/** What is known about a request: undefined when nothing took effect. */
export async function findRequest(database: Database, clientId: string, key: string): Promise<Stored | undefined> {
  const [row] = await database.sql<Stored[]>`
    select hash, operation, answer from client_request where client_id = ${clientId} and key = ${key}`;
  return row;
}

/** The stored answer of an earlier, equal request. Look here before any other check: its grant may be over by now. */
export async function recall<T>(database: Database, request: ClientRequest, codec: Codec<T>): Promise<Recalled<T>> {
  return read(await findRequest(database, request.clientId, request.key), request, codec);
}

/**
 * Makes this transaction the owner of the request. A second one with the same key waits here until the first is
 * decided, and then gets its answer.
 */
export async function claimRequest<T>(
  tx: Tx,
  request: ClientRequest,
  operation: string,
  codec: Codec<T>,
): Promise<Recalled<T>> {
  const claimed = await tx.sql`
    insert into client_request (client_id, key, hash, operation)
    values (${request.clientId}, ${request.key}, ${request.hash}, ${operation}) on conflict do nothing`;
  if (claimed.count === 1) return undefined;
  const [row] = await tx.sql<Stored[]>`
    select hash, operation, answer from client_request
    where client_id = ${request.clientId} and key = ${request.key}`;
  return read(row, request, codec);
}

/** Stores the answer that repeats will get. */
export async function rememberAnswer<T>(
  tx: Tx,
  request: Pick<ClientRequest, 'clientId' | 'key'>,
  codec: Codec<T>,
  answer: T,
): Promise<void> {
  await tx.sql`update client_request set answer = ${codec.encode(answer).finish()}
    where client_id = ${request.clientId} and key = ${request.key}`;
}

/** Frees the key of a request that came to nothing after all. An answer that was stored stays. */
export async function forgetRequest(tx: Tx, request: Pick<ClientRequest, 'clientId' | 'key'>): Promise<void> {
  await tx.sql`
    delete from client_request where client_id = ${request.clientId} and key = ${request.key} and answer is null`;
}

function read<T>(row: Stored | undefined, request: ClientRequest, codec: Codec<T>): Recalled<T> {
  if (row === undefined) return undefined;
  if (row.hash !== request.hash) return { reused: true };
  return row.answer === null ? { running: true } : { answer: codec.decode(row.answer) };
}

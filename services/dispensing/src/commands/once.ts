import type { Operation } from '@erx/auth';
import { type Refused, refuse } from '@erx/errors';
import {
  type ClientRequest,
  claimRequest,
  type Database,
  inTransaction,
  recall,
  rememberAnswer,
  type Tx,
} from '@erx/postgres';
import type { Call } from '@erx/rpc';

type Codec<T> = { encode(message: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T };
type Recalled<T> = Awaited<ReturnType<typeof recall<T>>>;

/**
 * Idempotency of a write: its first answer, or the refusal of a key used for something else; undefined for a new
 * request. Asked before any other check, because the grant of a repeat may be over by now.
 */
export async function earlierAnswer<T>(
  database: Database,
  call: Call,
  codec: Codec<T>,
): Promise<T | Refused | undefined> {
  return settled(await recall(database, requestOf(call), codec));
}

/** Runs `work` in one transaction that owns the request and stores its answer. A refusal is not stored. */
export function once<T extends object>(
  database: Database,
  call: Call,
  operation: Operation,
  codec: Codec<T>,
  work: (tx: Tx) => Promise<T | Refused>,
): Promise<T | Refused> {
  const request = requestOf(call);
  return inTransaction(database, async (tx) => {
    const claimed = settled(await claimRequest(tx, request, operation, codec));
    if (claimed !== undefined) return claimed;
    const answer = await work(tx);
    if (!('refused' in answer)) await rememberAnswer(tx, request, codec, answer);
    return answer;
  });
}

export function requestOf({ request }: Call): ClientRequest {
  if (request === undefined) throw new Error('a write of a client needs its idempotency key');
  return request;
}

function settled<T>(recalled: Recalled<T>): T | Refused | undefined {
  if (recalled === undefined) return undefined;
  if ('answer' in recalled) return recalled.answer;
  if ('reused' in recalled) return refuse('IDEMPOTENCY_KEY_REUSED');
  throw new Error('a request without answer: only sales and reversals are left running');
}

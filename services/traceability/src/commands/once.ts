import { isRefused, type Refused, refuse } from '@erx/errors';
import { claimRequest, type Database, inTransaction, recall, rememberAnswer, type Tx } from '@erx/postgres';
import type { Call } from '@erx/rpc';

type Codec<T> = { encode(message: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T };

/**
 * A client's write takes effect once: key, answer and change are one transaction, a repeat gets the first answer.
 * A refusal undoes all of it, and the key is free again.
 */
export async function once<T extends object>(
  database: Database,
  call: Call,
  operation: string,
  codec: Codec<T>,
  work: (tx: Tx) => Promise<T | Refused>,
): Promise<T | Refused> {
  const { request } = call;
  if (request === undefined) throw new Error('a write of a client needs its idempotency key');
  const earlier = settled(await recall(database, request, codec));
  if (earlier !== undefined) return earlier;
  return inTransaction(database, async (tx): Promise<T | Refused> => {
    const claimed = settled(await claimRequest(tx, request, operation, codec));
    if (claimed !== undefined) return claimed;
    const answer = await work(tx);
    if (!isRefused(answer)) await rememberAnswer(tx, request, codec, answer);
    return answer;
  });
}

function settled<T>(recalled: Awaited<ReturnType<typeof recall<T>>>): T | Refused | undefined {
  if (recalled === undefined) return undefined;
  if ('reused' in recalled) return refuse('IDEMPOTENCY_KEY_REUSED');
  if ('running' in recalled) throw new Error('a write of one transaction is never left running');
  return recalled.answer;
}

/** Another request wrote the same at the same instant: the transaction is run again and sees it. */
export function lostTheRace(): Error {
  return Object.assign(new Error('written by another request at the same instant'), { code: '40001' });
}

import type { Query } from '@erx/postgres';
import {
  consistencyProof,
  formatSignature,
  formatVerifierKey,
  isInvalid,
  type ListedWitness,
  verifySignatures,
} from '@erx/tlog';
import { addCheckpoint } from '../outbound/witnesses.ts';
import type { Cosignature } from '../store/cosignature-store.ts';
import { type Log, tileReader } from '../store/log-store.ts';

/** A signed tree as a witness gets it; `text` is what it puts its name to. */
export type Offered = { size: number; text: string; note: string };

/** Has the trees of one log cosigned by one witness, each with a proof from the tree that it knows. */
export type AskWitness = (tree: Offered, stop: AbortSignal) => Promise<Cosignature>;

/** What the witness has seen is more than there is: the log was restored or forked, and this witness knows. */
export class WitnessKnowsMoreError extends Error {
  override name = 'WitnessKnowsMoreError';
}

export function askWitness(sql: Query, log: Log, { key, url }: ListedWitness): AskWitness {
  const readTile = tileReader(sql, log.logId);
  // Of its last tree; it says so itself when we are wrong, as after a start.
  let known = 0;
  return async ({ size, text, note }, stop) => {
    const ask = async () => {
      if (known > size) throw new WitnessKnowsMoreError(`has cosigned ${known} leaves, there are ${size}`);
      const proof = await consistencyProof(known, size, readTile);
      return addCheckpoint(url, { oldSize: known, proof, checkpoint: note }, stop);
    };
    let answer = await ask();
    if ('knownSize' in answer) {
      known = answer.knownSize;
      answer = await ask();
    }
    if ('knownSize' in answer) throw new Error('another log asks it at the same time');
    known = size;
    const own = answer.signatures.filter(({ name, id }) => name === key.name && Buffer.compare(id, key.id) === 0);
    const [signature] = own;
    const signed = verifySignatures({ text, signatures: own }, [key]);
    if (signature === undefined || isInvalid(signed) || !signed[0]?.at) throw new Error('did not cosign with its key');
    return { witness: formatVerifierKey(key), line: formatSignature(signature) };
  };
}

import { toBase64 } from './base64.ts';
import { parseDecimal } from './decimal.ts';
import type { Hash } from './hash.ts';
import type { Invalid } from './invalid.ts';
import { parseHashes } from './proof-file.ts';

/** C2SP tlog-witness `add-checkpoint`: the checkpoint, and that it goes on from the size the witness cosigned last. */
export type WitnessRequest = { oldSize: number; proof: Hash[]; checkpoint: string };

const MOST_HASHES = 63;

export function formatWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

export function parseWitnessRequest(body: string): WitnessRequest | Invalid {
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(end, 0)).split('\n');
  const oldSize = parseDecimal(/^old (\d+)$/.exec(first)?.[1] ?? '');
  const proof = parseHashes(lines);
  if (oldSize === undefined || proof === undefined || proof.length > MOST_HASHES) {
    return { invalid: 'a line before the checkpoint is malformed' };
  }
  return { oldSize, proof, checkpoint: body.slice(end + 2) };
}

import { fromBase64, toBase64 } from './base64.ts';
import { parseDecimal } from './decimal.ts';
import { HASH_BYTES, type Hash } from './hash.ts';
import type { Invalid } from './invalid.ts';

/** C2SP tlog-proof: that an entry stands at `index` of the tree of a checkpoint (a whole signed note). */
export type ProofFile = { extra?: Uint8Array; index: number; proof: Hash[]; checkpoint: string };

const HEADER = 'c2sp.org/tlog-proof@v1';

export function formatProof({ extra, index, proof, checkpoint }: ProofFile): string {
  const before = extra === undefined ? [HEADER] : [HEADER, `extra ${toBase64(extra)}`];
  return `${[...before, `index ${index}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Nothing is verified here, neither proof nor checkpoint; the extra data is never covered by them. */
export function parseProof(text: string): ProofFile | Invalid {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) return { invalid: `not a proof: it does not begin with ${HEADER}` };
  const extraText = lines[0]?.startsWith('extra ') ? lines.shift()?.slice(6) : undefined;
  const extra = extraText === undefined ? undefined : fromBase64(extraText);
  const index = parseDecimal(/^index (\d+)$/.exec(lines.shift() ?? '')?.[1] ?? '');
  const proof = parseHashes(lines);
  if (index === undefined || proof === undefined || (extraText !== undefined && extra === undefined)) {
    return { invalid: 'a line of the proof is malformed' };
  }
  return { ...(extra === undefined ? {} : { extra }), index, proof, checkpoint: text.slice(end + 2) };
}

/** One base64 hash per line. */
export function parseHashes(lines: readonly string[]): Hash[] | undefined {
  const hashes = lines.map(fromBase64).filter((hash): hash is Hash => hash?.length === HASH_BYTES);
  return hashes.length === lines.length ? hashes : undefined;
}

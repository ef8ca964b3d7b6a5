import { createHash } from 'node:crypto';

/** Bytes that depend on the seed only. */
export function seededRandom(seed: string): (length: number) => Uint8Array {
  let block = 0;
  return (length) => {
    const chunks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      chunks.push(createHash('sha256').update(`${seed}/${block}`).digest());
      block += 1;
    }
    return new Uint8Array(Buffer.concat(chunks).subarray(0, length));
  };
}

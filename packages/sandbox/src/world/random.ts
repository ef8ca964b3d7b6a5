import { createHash } from 'node:crypto';

/** Choices and bytes that depend on the seed only. */
export type Random = {
  bytes(length: number): Uint8Array;
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
};

export function seeded(seed: string): Random {
  let block = 0;
  let left = Buffer.alloc(0);
  const bytes = (length: number): Uint8Array => {
    while (left.length < length) {
      left = Buffer.concat([left, createHash('sha256').update(`${seed}/${block}`).digest()]);
      block += 1;
    }
    const taken = new Uint8Array(left.subarray(0, length));
    left = left.subarray(length);
    return taken;
  };
  // The remainder of 48 bits is even enough for lists of a few hundred.
  const below = (bound: number): number => Buffer.from(bytes(6)).readUIntBE(0, 6) % bound;
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[below(list.length)];
    if (chosen === undefined) throw new RangeError('nothing to pick from');
    return chosen;
  };
  const shuffle = <T>(list: readonly T[]): T[] => {
    const rest = [...list];
    const shuffled: T[] = [];
    while (rest.length > 0) shuffled.push(...rest.splice(below(rest.length), 1));
    return shuffled;
  };
  return { bytes, below, pick, shuffle };
}

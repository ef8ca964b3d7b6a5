import { HASH_BYTES, type Hash, nodeHash, sameBytes } from './hash.ts';

const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
const areHashes = (...list: readonly Hash[]): boolean => list.every(({ length }) => length === HASH_BYTES);
const isPosition = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** RFC 9162 §2.1.3.2: whether the leaf stands at this index (from 0) of the tree of this size with this root. */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!isPosition(index) || !isPosition(size) || index >= size || !areHashes(leaf, ...proof)) return false;
  let [fn, sn, computed] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      computed = nodeHash(sibling, computed);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else computed = nodeHash(computed, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(computed, root);
}

/** A tree as a checkpoint names it. */
export type TreeHead = { size: number; root: Hash };

/**
 * RFC 9162 §2.1.4.2: whether the newer tree begins with all leaves of the older one, in the same order. False for an
 * older tree without leaves: every tree begins with it, so that nothing would be shown.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Hash[]): boolean {
  if (!isPosition(older.size) || !isPosition(newer.size) || older.size > newer.size) return false;
  if (older.size === 0 || !areHashes(...proof)) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  // An older tree that is a whole subtree of the newer one is not repeated in the proof.
  const [first, ...rest] = fn === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) return false;
  let [olderRoot, newerRoot] = [first, first];
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      olderRoot = nodeHash(sibling, olderRoot);
      newerRoot = nodeHash(sibling, newerRoot);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else newerRoot = nodeHash(newerRoot, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(olderRoot, older.root) && sameBytes(newerRoot, newer.root);
}

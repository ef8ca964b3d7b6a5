import { EMPTY_ROOT, HASH_BYTES, type Hash, nodeHash } from './hash.ts';
import { TILE_WIDTH, type Tile, tileWidth } from './tile.ts';

/** Gives the bytes of a tile of hashes: `width` times 32. */
export type ReadTile = (tile: Tile & { level: number }) => Promise<Uint8Array>;

/** The sibling hashes from the leaf at `index` to the root of the tree of `size` leaves (RFC 6962 §2.1.1). */
export async function inclusionProof(index: number, size: number, readTile: ReadTile): Promise<Hash[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const hashOf = rangeHash(size, readTile);
  const path = async (lo: number, hi: number): Promise<Hash[]> => {
    if (hi - lo === 1) return [];
    const middle = lo + splitPoint(hi - lo);
    return index < middle
      ? [...(await path(lo, middle)), await hashOf(middle, hi)]
      : [...(await path(middle, hi)), await hashOf(lo, middle)];
  };
  return path(0, size);
}

/** What shows that the tree of `newer` leaves begins with the tree of `older` leaves (RFC 6962 §2.1.2). */
export async function consistencyProof(older: number, newer: number, readTile: ReadTile): Promise<Hash[]> {
  if (!(older >= 0 && older <= newer)) throw new RangeError(`no tree of ${older} in one of ${newer}`);
  if (older === 0) return [];
  const hashOf = rangeHash(newer, readTile);
  const path = async (lo: number, hi: number, isKnown: boolean): Promise<Hash[]> => {
    if (hi === older) return isKnown ? [] : [await hashOf(lo, hi)];
    const middle = lo + splitPoint(hi - lo);
    return older <= middle
      ? [...(await path(lo, middle, isKnown)), await hashOf(middle, hi)]
      : [...(await path(middle, hi, false)), await hashOf(lo, middle)];
  };
  return path(0, newer, true);
}

/** Root of the tree of `size` leaves, from its tiles. */
export async function treeRoot(size: number, readTile: ReadTile): Promise<Hash> {
  return size === 0 ? EMPTY_ROOT : rangeHash(size, readTile)(0, size);
}

/** The largest power of two below n. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[lo:hi]) of a tree of `size` leaves; each tile is read once, and none that the tree does not need. */
function rangeHash(size: number, readTile: ReadTile): (lo: number, hi: number) => Promise<Hash> {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const read = (level: number, index: number): Promise<Uint8Array> => {
    const name = `${level}/${index}`;
    const known = tiles.get(name);
    if (known !== undefined) return known;
    const width = tileWidth(size, level, index);
    const bytes = readTile({ level, index, width }).then((tile) => {
      if (tile.length !== width * HASH_BYTES)
        throw new Error(`tile ${name} has ${tile.length} bytes, not ${width} hashes`);
      return tile;
    });
    tiles.set(name, bytes);
    return bytes;
  };
  const hashOf = async (lo: number, hi: number): Promise<Hash> => {
    const width = hi - lo;
    const middle = splitPoint(width);
    if (width > 1 && middle * 2 !== width) {
      const [left, right] = await Promise.all([hashOf(lo, lo + middle), hashOf(lo + middle, hi)]);
      return nodeHash(left, right);
    }
    // A whole subtree: some hashes in a row of one tile.
    let [level, unit] = [0, 1];
    while (unit * TILE_WIDTH <= width) [level, unit] = [level + 1, unit * TILE_WIDTH];
    const first = lo / unit;
    const index = Math.floor(first / TILE_WIDTH);
    return rootOfRow(await read(level, index), first - index * TILE_WIDTH, width / unit);
  };
  return hashOf;
}

/** Root over `count` hashes (a power of two) from position `first` of a tile. */
export function rootOfRow(tile: Uint8Array, first: number, count: number): Hash {
  if (count === 1) return tile.subarray(first * HASH_BYTES, (first + 1) * HASH_BYTES);
  return nodeHash(rootOfRow(tile, first, count / 2), rootOfRow(tile, first + count / 2, count / 2));
}

import { EMPTY_ROOT, HASH_BYTES, type Hash, nodeHash } from './hash.ts';
import { hashesAtLevel, TILE_WIDTH, type Tile } from './tile.ts';
import type { ReadTile } from './tree.ts';

/** A full tile of hashes, 256 times 32 bytes, never to change again; `root` stands for it in the tile above. */
export type FullTile = { level: number; index: number; hashes: Uint8Array; root: Hash };

/** The right edge of a tree: what it takes to append to it and to know its root, at most 255 hashes a level. */
export type GrowingTree = {
  readonly size: number;
  root(): Hash;
  /** Appends leaf hashes in order; gives the tiles that became full, lower levels first. */
  append(leaves: readonly Hash[]): FullTile[];
};

/** A tree that goes on where `size` leaves stand in tiles. */
export async function openTree(size: number, readTile: ReadTile): Promise<GrowingTree> {
  const edge: Hash[][] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level += 1) {
    const hashes = hashesAtLevel(size, level);
    const tile: Tile & { level: number } = {
      level,
      index: Math.floor(hashes / TILE_WIDTH),
      width: hashes % TILE_WIDTH,
    };
    edge.push(tile.width === 0 ? [] : split(await readTile(tile)));
  }
  return growFrom(size, edge);
}

function growFrom(start: number, edge: Hash[][]): GrowingTree {
  let size = start;
  const push = (level: number, hash: Hash, full: FullTile[]): void => {
    const row = edge[level] ?? [];
    edge[level] = row;
    row.push(hash);
    if (row.length < TILE_WIDTH) return;
    const index = hashesAtLevel(size, level) / TILE_WIDTH - 1;
    const root = rootOf(row);
    full.push({ level, index, hashes: join(row), root });
    edge[level] = [];
    push(level + 1, root, full);
  };
  return {
    get size() {
      return size;
    },
    root: () => edge.reduce<Hash | undefined>((right, row) => rootOfEdge(row, right), undefined) ?? EMPTY_ROOT,
    append(leaves) {
      const full: FullTile[] = [];
      for (const leaf of leaves) {
        size += 1;
        push(0, leaf, full);
      }
      return full;
    },
  };
}

/** Root over a row whose length is a power of two. */
function rootOf(row: readonly Hash[]): Hash {
  const [only, next] = row;
  if (only !== undefined && next === undefined) return only;
  return nodeHash(rootOf(row.slice(0, row.length / 2)), rootOf(row.slice(row.length / 2)));
}

/** The whole subtrees in a row, from the right, over what stands to the right of them. */
function rootOfEdge(row: readonly Hash[], right: Hash | undefined): Hash | undefined {
  let root = right;
  for (let [end, width] = [row.length, 1]; end > 0; width *= 2) {
    if (end % (width * 2) === 0) continue;
    const whole = rootOf(row.slice(end - width, end));
    root = root === undefined ? whole : nodeHash(whole, root);
    end -= width;
  }
  return root;
}

function split(tile: Uint8Array): Hash[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) =>
    tile.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

function join(row: readonly Hash[]): Uint8Array {
  const tile = new Uint8Array(row.length * HASH_BYTES);
  row.forEach((hash, at) => {
    tile.set(hash, at * HASH_BYTES);
  });
  return tile;
}

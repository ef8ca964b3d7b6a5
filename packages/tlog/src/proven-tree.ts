import { HASH_BYTES, type Hash, sameBytes } from './hash.ts';
import { type Invalid, isInvalid } from './invalid.ts';
import { TILE_WIDTH, tilePath, tileWidth } from './tile.ts';
import { consistencyProof, type ReadTile, rootOfRow, treeRoot } from './tree.ts';
import { type TreeHead, verifyConsistency } from './verify-proof.ts';

/** Full tiles that are kept: whoever reads on and on needs the last of each level. */
const MOST_KEPT = 64;

/**
 * A growing tree read by somebody who does not trust where its tiles come from: none is used before it was shown to
 * belong to a signed tree. Many leaves in a row cost one tile and about one hash each, which single proofs would not.
 */
export class ProvenTree {
  readonly #readTile: ReadTile;
  readonly #full = new Map<string, Uint8Array>();
  /** Tiles of the right edge of the newest tree, one for each level that has a tile which is not full. */
  #edge = new Map<string, Uint8Array>();
  #head: TreeHead | undefined;
  readonly #before: TreeHead | undefined;

  /** `before`: the newest tree that this reader has seen earlier, if any. */
  constructor(readTile: ReadTile, before?: TreeHead) {
    this.#readTile = readTile;
    this.#before = before;
  }

  get size(): number {
    return this.#head?.size ?? 0;
  }

  /** Takes up another signed tree. Invalid unless one of the two, it and what was seen before, begins with the other. */
  async takeUp(head: TreeHead): Promise<Invalid | undefined> {
    const before = this.#head ?? this.#before;
    if (before !== undefined && before.size > 0 && head.size > 0) {
      const [older, newer] = before.size <= head.size ? [before, head] : [head, before];
      const proof = await consistencyProof(older.size, newer.size, (tile) => this.#read(tile));
      if (!verifyConsistency(older, newer, proof)) {
        return { invalid: `the signed tree of ${head.size} leaves contradicts the one of ${before.size} seen before` };
      }
    }
    if (head.size <= this.size || head.size < (before?.size ?? 0)) return undefined;
    const edge = new Map<string, Uint8Array>();
    const root = await treeRoot(head.size, async (tile) => {
      const bytes = await this.#read(tile);
      edge.set(nameOf(tile), bytes);
      return bytes;
    });
    if (!sameBytes(root, head.root)) return { invalid: `the tiles give another tree of ${head.size} leaves` };
    this.#head = head;
    this.#edge = edge;
    return undefined;
  }

  /** The hash of a leaf below `size`. */
  async leafHash(index: number): Promise<Hash | Invalid> {
    if (!(index >= 0 && index < this.size)) return { invalid: `no leaf ${index} in a tree of ${this.size}` };
    const tile = await this.#tile(0, Math.floor(index / TILE_WIDTH));
    return isInvalid(tile) ? tile : hashAt(tile, index % TILE_WIDTH);
  }

  /** A tile that is not full stands at the right edge, whose hashes all went into the root; a full one has a parent. */
  async #tile(level: number, index: number): Promise<Uint8Array | Invalid> {
    const tile = { level, index, width: tileWidth(this.size, level, index) };
    const known = this.#full.get(nameOf(tile)) ?? (tile.width < TILE_WIDTH ? this.#edge.get(nameOf(tile)) : undefined);
    if (known !== undefined) return known;
    const above = await this.#tile(level + 1, Math.floor(index / TILE_WIDTH));
    if (isInvalid(above)) return above;
    const bytes = await this.#readTile(tile);
    const belongs =
      bytes.length === TILE_WIDTH * HASH_BYTES &&
      sameBytes(rootOfRow(bytes, 0, TILE_WIDTH), hashAt(above, index % TILE_WIDTH));
    if (!belongs) return { invalid: `${tilePath(tile)} does not belong to the signed tree of ${this.size} leaves` };
    const [oldest] = this.#full.keys();
    if (this.#full.size >= MOST_KEPT && oldest !== undefined) this.#full.delete(oldest);
    this.#full.set(nameOf(tile), bytes);
    return bytes;
  }

  async #read(tile: Parameters<ReadTile>[0]): Promise<Uint8Array> {
    return this.#full.get(nameOf(tile))?.subarray(0, tile.width * HASH_BYTES) ?? this.#readTile(tile);
  }
}

const nameOf = ({ level, index }: { level: number; index: number }): string => `${level}/${index}`;

function hashAt(tile: Uint8Array, position: number): Hash {
  return tile.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES);
}

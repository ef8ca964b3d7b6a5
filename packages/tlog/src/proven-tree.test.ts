import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { openTree } from './growing-tree.ts';
import { type Hash, leafHash, nodeHash } from './hash.ts';
import { isInvalid } from './invalid.ts';
import { ProvenTree } from './proven-tree.ts';
import type { ReadTile } from './tree.ts';

const MOST = 256 * 256 + 700;
const leafOf = (n: number, kind = 'leaf'): Hash => leafHash(new TextEncoder().encode(`${kind} ${n}`));
const leaves = Array.from({ length: MOST }, (_, n) => leafOf(n));

const rootOf = (hashes: readonly Hash[]): Hash =>
  hashes.length === 1
    ? (hashes[0] as Hash)
    : nodeHash(rootOf(hashes.slice(0, hashes.length / 2)), rootOf(hashes.slice(hashes.length / 2)));
/** Hashes by tile level, the lowest first. */
const levels = [leaves];
for (let below = leaves; below.length >= 256; levels.push(below)) {
  const row = below;
  below = Array.from({ length: Math.floor(row.length / 256) }, (_, n) => rootOf(row.slice(n * 256, n * 256 + 256)));
}
const readTile: ReadTile = async ({ level, index, width }) =>
  Buffer.concat(levels[level]?.slice(index * 256, index * 256 + width) ?? []);

async function headOf(size: number, hashes = leaves) {
  const tree = await openTree(0, readTile);
  tree.append(hashes.slice(0, size));
  return { size, root: tree.root() };
}

const sizes = [1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, MOST];

test('each leaf of a growing tree is the one that was signed, whatever the sizes', async () => {
  const tree = new ProvenTree(readTile);
  for (const size of sizes) {
    assert.equal(await tree.takeUp(await headOf(size)), undefined);
    assert.equal(tree.size, size);
    for (const index of [0, 1, 254, 255, 256, 257, 300, size - 1].filter((each) => each < size))
      assert.deepEqual(Buffer.from((await tree.leafHash(index)) as Hash), Buffer.from(leaves[index] as Hash));
    assert.ok(isInvalid(await tree.leafHash(size)));
  }
});

test('an older signed tree takes nothing back', async () => {
  const tree = new ProvenTree(readTile);
  assert.equal(await tree.takeUp(await headOf(700)), undefined);
  assert.equal(await tree.takeUp(await headOf(300)), undefined);
  assert.equal(tree.size, 700);
});

test('a reader that comes back uses no tree that is older than the one it has seen', async () => {
  const tree = new ProvenTree(readTile, await headOf(300));
  assert.equal(await tree.takeUp(await headOf(257)), undefined);
  assert.equal(tree.size, 0);
  assert.equal(await tree.takeUp(await headOf(300)), undefined);
  assert.equal(tree.size, 300);
});

test('one changed bit in any tile is found before the tile is used', async () => {
  const heads = await Promise.all(sizes.map((size) => headOf(size)));
  const asked = fc.tuple(fc.constantFrom(...heads), fc.nat(), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(asked, async ([head, anyLeaf, anyTile, anyBit]) => {
      const index = anyLeaf % head.size;
      const used = new Set<string>();
      const look = new ProvenTree(async (tile) => {
        used.add(`${tile.level}/${tile.index}`);
        return readTile(tile);
      });
      await look.takeUp(head);
      await look.leafHash(index);
      const spoilt = [...used][anyTile % used.size];
      const tree = new ProvenTree(async (tile) => {
        const bytes = Uint8Array.from(await readTile(tile));
        const at = anyBit % (bytes.length * 8);
        if (`${tile.level}/${tile.index}` === spoilt) bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        return bytes;
      });
      assert.ok(isInvalid((await tree.takeUp(head)) ?? (await tree.leafHash(index))));
    }),
    { seed: 20261130 },
  );
});

test('another tree than the one seen before is a contradiction, be it newer, older or of the same size', async () => {
  const forged = leaves.with(3, leafOf(3, 'forged'));
  const before = await headOf(300);
  for (const size of [100, 300, 700]) {
    const tree = new ProvenTree(readTile, before);
    const wrong = await tree.takeUp(await headOf(size, forged));
    assert.match(wrong?.invalid ?? '', /contradicts the one of 300 seen before/);
    assert.equal(await tree.takeUp(await headOf(size)), undefined);
  }
});

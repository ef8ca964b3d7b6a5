import assert from 'node:assert/strict';
import test from 'node:test';
import oracle from '@transmute/rfc9162';
import fc from 'fast-check';
import { type FullTile, openTree } from './growing-tree.ts';
import { EMPTY_ROOT, type Hash, leafHash } from './hash.ts';
import { tileWidth } from './tile.ts';
import { consistencyProof, inclusionProof, type ReadTile, treeRoot } from './tree.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

const { root: oracleRoot, inclusion_proof, verify_consistency_proof } = oracle.CoMETRE.RFC9162_SHA256;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const leaf = (n: number): Hash => leafHash(new TextEncoder().encode(`leaf ${n}`));
const seed = 20261125;

/** A tree with its tiles: full ones as they became full, partial ones from what stands below them. */
async function grow(sizes: readonly number[]) {
  const full = new Map<string, FullTile>();
  const tree = await openTree(0, async () => new Uint8Array());
  const roots = new Map<number, Hash>();
  for (const size of sizes) {
    const leaves = Array.from({ length: size - tree.size }, (_, n) => leaf(tree.size + n));
    for (const tile of tree.append(leaves)) full.set(`${tile.level}/${tile.index}`, tile);
    roots.set(size, tree.root());
  }
  const readTile: ReadTile = async ({ level, index, width }) => {
    const whole = full.get(`${level}/${index}`)?.hashes;
    if (whole !== undefined) return whole.slice(0, width * 32);
    const hashes = Array.from({ length: width }, (_, n) => {
      const at = index * 256 + n;
      return level === 0 ? leaf(at) : (full.get(`${level - 1}/${at}`)?.root ?? assert.fail('it stands on full tiles'));
    });
    return Buffer.concat(hashes);
  };
  return { tree, full, roots, readTile };
}

test('the empty tree has the hash of nothing as its root', async () => {
  assert.equal(hex(EMPTY_ROOT), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal((await openTree(0, async () => new Uint8Array())).root(), EMPTY_ROOT);
});

test('leaf hashes are those of RFC 6962 as the Go tests have them', () => {
  assert.equal(hex(leafHash(new Uint8Array())), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  assert.equal(
    hex(leafHash(Buffer.from('L123456'))),
    '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
  );
});

test('root, inclusion and consistency of any tree are those of an independent implementation', async () => {
  const steps = fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (unsorted, any) => {
      const sizes = unsorted.sort((a, b) => a - b);
      const { tree, roots, readTile } = await grow(sizes);
      const { size } = tree;
      const leaves = Array.from({ length: size }, (_, n) => leaf(n));
      assert.equal(hex(tree.root()), hex(await oracleRoot(leaves)));
      assert.equal(hex(await treeRoot(size, readTile)), hex(tree.root()));

      const index = any % size;
      const proof = await inclusionProof(index, size, readTile);
      assert.deepEqual(proof.map(hex), (await inclusion_proof(index, leaves)).inclusion_path.map(hex));
      assert.ok(verifyInclusion(leaf(index), index, size, proof, tree.root()));
      assert.ok(!verifyInclusion(leaf(index + 1), index, size, proof, tree.root()));

      for (const [older, root] of roots) {
        const path = await consistencyProof(older, size, readTile);
        assert.ok(verifyConsistency({ size: older, root }, { size, root: tree.root() }, path), `${older} → ${size}`);
        if (older === size) continue;
        // This oracle wants the older root repeated where RFC 9162 leaves it out.
        const isWhole = Number.isInteger(Math.log2(older));
        assert.ok(
          await verify_consistency_proof(root, tree.root(), {
            log_id: '',
            tree_size_1: older,
            tree_size_2: size,
            consistency_path: isWhole ? [root, ...path] : path,
          }),
        );
      }
    }),
    { seed, numRuns: 8 },
  );
});

test('a tree that is opened again at any size goes on as if it had never been closed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(600), fc.nat(600), async (first, more) => {
      const { tree, readTile } = await grow([first]);
      const again = await openTree(first, readTile);
      assert.equal(hex(again.root()), hex(tree.root()));
      const leaves = Array.from({ length: more }, (_, n) => leaf(first + n));
      const [whole, resumed] = [tree.append(leaves), again.append(leaves)];
      assert.deepEqual(resumed, whole);
      assert.equal(hex(again.root()), hex(tree.root()));
    }),
    { seed, numRuns: 40 },
  );
});

test('a tree of three tile levels has the tiles of the example of C2SP, and the same root from them', async () => {
  const size = 70_000;
  const { tree, full, readTile } = await grow([size]);
  const widths = (level: number, ...tiles: number[]) => tiles.map((index) => tileWidth(size, level, index));
  assert.deepEqual(widths(0, 0, 272, 273, 274), [256, 256, 112, 0]);
  assert.deepEqual(widths(1, 0, 1, 2), [256, 17, 0]);
  assert.deepEqual([...widths(2, 0), ...widths(3, 0)], [1, 0]);
  assert.equal([...full.values()].filter(({ level }) => level === 0).length, 273);
  assert.equal([...full.values()].filter(({ level }) => level === 1).length, 1);
  assert.equal(hex(await treeRoot(size, readTile)), hex(tree.root()));
  for (const index of [0, 66_000, size - 1]) {
    const proof = await inclusionProof(index, size, readTile);
    assert.ok(verifyInclusion(leaf(index), index, size, proof, tree.root()), String(index));
  }
});

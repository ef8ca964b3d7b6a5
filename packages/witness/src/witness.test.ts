import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  consistencyProof,
  type FullTile,
  formatCheckpoint,
  formatNote,
  formatWitnessRequest,
  type Hash,
  isInvalid,
  keyTypes,
  leafHash,
  openCheckpoint,
  openTree,
  type SignerKey,
  signerKey,
  signText,
} from '@erx/tlog';
import { ensureKey } from './keys.ts';
import { fileMemory } from './memory.ts';
import { serveWitnesses } from './serve.ts';
import { openWitness } from './witness.ts';

const dir = mkdtempSync(join(tmpdir(), 'erx-witness-'));
after(() => rmSync(dir, { recursive: true }));

const log = signerKey('log.example', keyTypes.signature, new Uint8Array(32).fill(7));
const at = new Date('2026-11-26T08:00:00Z');
let files = 0;

function open() {
  files += 1;
  const file = join(dir, `${files}.json`);
  const key = ensureKey(join(dir, 'witness.key'), 'witness.example/w');
  const again = () => openWitness({ key, logs: [log], memory: fileMemory(file), now: () => at });
  return { key, file, again, witness: again() };
}

/** A log of leaves 0, 1, 2 …; one of another kind has other leaves from some index on. */
async function grown(size: number, forkedAt = Number.POSITIVE_INFINITY) {
  const tree = await openTree(0, async () => new Uint8Array());
  const leaves = Array.from({ length: size }, (_, n) =>
    leafHash(new Uint8Array([n & 255, n >> 8, n >= forkedAt ? 1 : 0])),
  );
  const full: FullTile[] = tree.append(leaves);
  const readTile = async ({ level, index, width }: { level: number; index: number; width: number }) => {
    const hashes: Hash[] =
      level === 0 ? leaves : full.filter((tile) => tile.level === level - 1).map(({ root }) => root);
    return Buffer.concat(hashes.slice(index * 256, index * 256 + width));
  };
  return { size, root: tree.root(), proofFrom: (older: number) => consistencyProof(older, size, readTile) };
}

type Grown = Awaited<ReturnType<typeof grown>>;

function noteOf({ size, root }: Pick<Grown, 'size' | 'root'>, signer: SignerKey = log, origin = log.name): string {
  const text = formatCheckpoint({ origin, size, root });
  return formatNote({ text, signatures: [signText(signer, text, 0)] });
}

const request = async (tree: Grown, oldSize: number): Promise<string> =>
  formatWitnessRequest({ oldSize, proof: await tree.proofFrom(oldSize), checkpoint: noteOf(tree) });

describe('C2SP tlog-witness', () => {
  test('a tree that goes on is cosigned with the time, from nothing, from the last one, and the same again', async () => {
    const { witness, key } = open();
    let known = 0;
    for (const size of [1, 5, 256, 256, 700]) {
      const tree = await grown(size);
      const answer = witness.addCheckpoint(await request(tree, known));
      assert.equal(answer.status, 200, answer.body);
      const cosigned = openCheckpoint(noteOf(tree) + answer.body, [log, key]);
      assert.ok(!isInvalid(cosigned));
      assert.deepEqual(
        cosigned.signed.map(({ key: { name }, at: seconds }) => [name, seconds]),
        [
          [log.name, undefined],
          [key.name, at.getTime() / 1_000],
        ],
      );
      known = size;
    }
  });

  test('another old size than its own: 409 with its own, as text/x.tlog.size', async () => {
    const { witness } = open();
    const tree = await grown(9);
    assert.deepEqual(witness.addCheckpoint(await request(tree, 4)), {
      status: 409,
      type: 'text/x.tlog.size',
      body: '0\n',
    });
    assert.equal(witness.addCheckpoint(await request(tree, 0)).status, 200);
    const older = witness.addCheckpoint(await request(await grown(5), 0));
    assert.deepEqual([older.status, older.body], [409, '9\n']);
  });

  test('another history is not cosigned: 422, and the witness goes on with the first one', async () => {
    const { witness } = open();
    assert.equal(witness.addCheckpoint(await request(await grown(9), 0)).status, 200);
    for (const size of [9, 20]) {
      const forked = await grown(size, 3);
      assert.equal(witness.addCheckpoint(await request(forked, 9)).status, 422, `${size} leaves`);
    }
    assert.equal(witness.addCheckpoint(await request(await grown(20), 9)).status, 200);
  });

  test('a proof that is missing, cut, or where none belongs: 422', async () => {
    const { witness } = open();
    const tree = await grown(9);
    const some = await tree.proofFrom(5);
    const from = (oldSize: number, proof: Hash[]) =>
      witness.addCheckpoint(formatWitnessRequest({ oldSize, proof, checkpoint: noteOf(tree) })).status;
    assert.equal(from(0, some), 422);
    assert.equal(witness.addCheckpoint(await request(await grown(5), 0)).status, 200);
    assert.deepEqual([from(5, []), from(5, some.slice(1)), from(5, some)], [422, 422, 200]);
    const nothing = formatWitnessRequest({
      oldSize: 0,
      proof: [],
      checkpoint: noteOf({ size: 0, root: leafHash(new Uint8Array()) }),
    });
    assert.equal(open().witness.addCheckpoint(nothing).status, 422, 'no leaves, and not the root of none');
  });

  test('unknown log 404, no true signature of it 403, nonsense and an old size beyond the tree 400', async () => {
    const { witness, key } = open();
    const tree = await grown(3);
    const other = signerKey('other.example', keyTypes.signature, new Uint8Array(32).fill(8));
    const thief = signerKey(log.name, keyTypes.signature, new Uint8Array(32).fill(8));
    const status = (checkpoint: string, oldSize = 0) =>
      witness.addCheckpoint(formatWitnessRequest({ oldSize, proof: [], checkpoint })).status;
    assert.equal(status(noteOf(tree, other, other.name)), 404);
    assert.equal(status(noteOf(tree, thief)), 403);
    assert.equal(status(noteOf(tree, key)), 403);
    const spoilt = noteOf(tree).replace('\n3\n', '\n4\n');
    assert.equal(status(spoilt), 403);
    assert.equal(status(noteOf(tree), 4), 400);
    assert.equal(status('nonsense'), 400);
    assert.equal(witness.addCheckpoint('').status, 400);
  });

  test('what it cosigned is on disk before it answers: started again it knows', async () => {
    const { witness, again, file } = open();
    witness.addCheckpoint(await request(await grown(5), 0));
    assert.match(readFileSync(file, 'utf8'), /"size": 5/);
    assert.equal(again().addCheckpoint(await request(await grown(9), 0)).body, '5\n');
    assert.equal(again().addCheckpoint(await request(await grown(9, 2), 5)).status, 422);
  });

  test('its key is made once and is for its owner only', () => {
    const file = join(dir, 'new', 'witness.key');
    const made = ensureKey(file, 'w.example');
    assert.deepEqual(ensureKey(file, 'ignored'), made);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.ok(!existsSync(`${file}.new`));
  });

  test('over HTTP: its own path only, POST only, bounded', async () => {
    const { witness } = open();
    await using server = await serveWitnesses({ listen: '127.0.0.1:0', witnesses: new Map([['/w', witness]]) });
    const send = async (path: string, body: string | null, method = 'POST') => {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, body });
      return [answer.status, answer.headers.get('content-type'), await answer.text()] as const;
    };
    const good = await request(await grown(5), 0);
    const [status, , body] = await send('/w/add-checkpoint', good);
    assert.equal(status, 200);
    assert.match(body, /^\u2014 witness\.example\/w \S+\n$/);
    assert.deepEqual(await send('/w/add-checkpoint', good), [409, 'text/x.tlog.size', '5\n']);
    assert.equal((await send('/add-checkpoint', good))[0], 404);
    assert.equal((await send('/w/add-checkpoint', null, 'GET'))[0], 405);
    assert.equal((await send('/w/add-checkpoint', 'x'.repeat(70_000)))[0], 413);
  });
});

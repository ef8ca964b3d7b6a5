import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { actorOf } from '@erx/rpc';
import { eventually, secretFile } from '@erx/testkit';
import {
  type Checkpoint,
  decodeEntries,
  isInvalid,
  leafHash,
  openCheckpoint,
  parseSignerKey,
  type ReadTile,
  type SignerKey,
  sameBytes,
  tilePath,
  tileWidth,
  treeRoot,
} from '@erx/tlog';
import { verifyLog } from '../src/queries/verify-log.ts';
import type { startTestAudit } from './support.ts';

export type TestAudit = Awaited<ReturnType<typeof startTestAudit>>;

/** The key that `npm test` made for the log. */
export async function logKey(): Promise<SignerKey> {
  const [line = ''] = (await readFile(secretFile('log.keys'), 'utf8')).split('\n');
  const key = parseSignerKey(line);
  assert.ok(!isInvalid(key));
  return key;
}

/** A file of the log as everybody gets it; undefined where there is none. */
export async function readFileOf(audit: TestAudit, path: string, logId = 0): Promise<Uint8Array | undefined> {
  const answer = await audit.client.readLogFile({ logId, path }, { actor: actorOf({}) });
  assert.ok(!('refused' in answer));
  return answer.content;
}

/** The note that is served. */
export async function servedNote(audit: TestAudit): Promise<string> {
  return new TextDecoder().decode((await readFileOf(audit, 'checkpoint')) ?? assert.fail('there is no checkpoint'));
}

/** The checkpoint of at least so many leaves, once it is served and as its key verifies it. */
export async function signedTree(audit: TestAudit, leaves: number): Promise<Checkpoint> {
  const key = await logKey();
  let checkpoint: Checkpoint | undefined;
  await eventually(async () => {
    if ((await readFileOf(audit, 'checkpoint')) === undefined) return false;
    const opened = openCheckpoint(await servedNote(audit), [key]);
    assert.ok(!isInvalid(opened), JSON.stringify(opened));
    checkpoint = opened.checkpoint;
    return checkpoint.size >= leaves;
  }, 60_000);
  return checkpoint ?? assert.fail('no checkpoint');
}

export function tilesOf(audit: TestAudit): ReadTile {
  return async (tile) => (await readFileOf(audit, tilePath(tile))) ?? assert.fail(`${tilePath(tile)} is not served`);
}

/** Every entry of a tree, from the bundles, each checked against the tile of leaf hashes, and these against the root. */
export async function verifiedEntries(audit: TestAudit, { size, root }: Checkpoint): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  const readTile = tilesOf(audit);
  assert.ok(sameBytes(await treeRoot(size, readTile), root), 'the tiles have the root that was signed');
  for (let index = 0; index * 256 < size; index += 1) {
    const width = tileWidth(size, 0, index);
    const bundle = await readFileOf(audit, tilePath({ level: 'entries', index, width }));
    const some = decodeEntries(bundle ?? assert.fail('the bundle is served')) ?? assert.fail('the bundle is whole');
    assert.ok(sameBytes(await readTile({ level: 0, index, width }), Buffer.concat(some.map(leafHash))));
    entries.push(...some);
  }
  return entries;
}

/** What `npm run verify-log` says of the database. */
export async function findings(audit: TestAudit): Promise<string[]> {
  const { findings } = await verifyLog(audit.database.sql, audit.env.ERX_LOG_KEY_FILE, audit.env.ERX_LOG_DIR);
  return findings;
}

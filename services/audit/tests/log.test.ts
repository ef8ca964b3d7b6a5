import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { LogEntry } from '@erx/proto/audit/v1/audit_log';
import {
  type Checkpoint,
  consistencyProof,
  formatSignerKey,
  formatVerifierKey,
  inclusionProof,
  isInvalid,
  keyTypes,
  leafHash,
  openCheckpoint,
  signerKey,
  verifyConsistency,
  verifyInclusion,
} from '@erx/tlog';
import { findings, logKey, readFileOf, servedNote, signedTree, tilesOf, verifiedEntries } from './log-support.ts';
import { received, startTestAudit, viewed } from './support.ts';

const some = (count: number, name = 'p') =>
  Array.from({ length: count }, (_, n) => viewed(`${name}${n % 9}`, String(n)));

test('GJ-6e every event is an entry of a log that shows nothing of it and whose tiles verify from outside', async () => {
  await using audit = await startTestAudit();
  const events = [...some(300), received('n1', 40, ['420106'])];
  await audit.publish(events);
  const checkpoint = await signedTree(audit, events.length);
  const entries = await verifiedEntries(audit, checkpoint);
  assert.equal(entries.length, events.length);

  const rows = await audit.database.sql<{ eventId: string; index: bigint; salt: Uint8Array; value: Uint8Array }[]>`
    select event_id as "eventId", index, salt, value from log_leaf join entry using (event_id)`;
  assert.deepEqual(rows.map(({ eventId }) => eventId).sort(), events.map(({ id }) => id).sort());
  for (const { eventId, index, salt, value } of rows) {
    const { type } = events.find(({ id }) => id === eventId) ?? assert.fail();
    const saltedHash = hash('sha256', Buffer.concat([salt, value]), 'buffer');
    const entry = LogEntry.encode({ eventId, type, saltedHash }).finish();
    assert.deepEqual(Buffer.from(entries[Number(index)] ?? []), Buffer.from(entry));
  }
  assert.equal(new Set(rows.map(({ salt }) => Buffer.from(salt).toString('hex'))).size, rows.length);

  const index = 77;
  const proof = await inclusionProof(index, checkpoint.size, tilesOf(audit));
  const leaf = leafHash(entries[index] ?? assert.fail());
  assert.ok(verifyInclusion(leaf, index, checkpoint.size, proof, checkpoint.root));
  assert.deepEqual(await findings(audit), []);
});

test('GJ-6e what a tree does not hold yet, and what is no file of it, is not served', async () => {
  await using audit = await startTestAudit();
  assert.equal(await readFileOf(audit, 'checkpoint'), undefined);
  await audit.publish(some(300));
  await signedTree(audit, 300);
  for (const path of [
    'tile/0/001',
    'tile/0/001.p/45',
    'tile/1/000.p/2',
    'tile/2/000.p/1',
    'tile/entries/002.p/1',
    'x',
    '',
  ]) {
    assert.equal(await readFileOf(audit, path), undefined, path);
  }
  assert.equal(await readFileOf(audit, 'checkpoint', 2), undefined);
  // smaller partial tiles belong to trees that were signed before
  assert.equal((await readFileOf(audit, 'tile/0/001.p/20'))?.length, 20 * 32);
  assert.equal((await readFileOf(audit, 'tile/1/000.p/1'))?.length, 32);
});

test('GJ-6e any two checkpoints are consistent over restarts, a second process and a replay of the topics', async () => {
  await using audit = await startTestAudit();
  const seen: Checkpoint[] = [];
  for (const round of [1, 2, 3, 4]) {
    await audit.publish(some(90 * round, `r${round}-`));
    seen.push(await signedTree(audit, seen.length === 0 ? 1 : (seen.at(-1)?.size ?? 0) + 1));
    await audit.stop();
    if (round === 2) await audit.rewind();
    await audit.start();
  }
  await using _second = await audit.another();
  await audit.publish(some(60, 'last-'));
  const last = await signedTree(audit, 90 + 180 + 270 + 360 + 60);
  assert.equal(last.size, 960);
  for (const older of seen) {
    const proof = await consistencyProof(older.size, last.size, tilesOf(audit));
    assert.ok(verifyConsistency(older, last, proof), `${older.size} → ${last.size}`);
  }
  assert.deepEqual(await findings(audit), []);
});

test('GJ-6e a database older than the checkpoint kept outside goes on under a new origin that begins with it', async () => {
  await using audit = await startTestAudit();
  await audit.publish(some(40));
  const before = await signedTree(audit, 40);
  await audit.stop();
  // The database of an earlier instant: as if the last ten had never been recorded.
  const { sql } = audit.database;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update entry_run set event_ids = event_ids[:31 - first_number] where first_number <= 30`;
    await tx`delete from entry_run where first_number > 30`;
    await tx`delete from entry where event_id in (select event_id from log_leaf where index >= 30)`;
    await tx`delete from inbox where event_id in (select event_id from log_leaf where index >= 30)`;
    await tx`delete from log_leaf where index >= 30`;
    await tx`delete from log_checkpoint where size > 30`;
    await tx`update log set size = 30`;
    await tx`update division_end set number = 30`;
  });
  const note = await readFile(join(audit.env.ERX_LOG_DIR, 'checkpoint'), 'utf8');
  await audit.rewind();
  await audit.start();
  await audit.recorded(40);
  const [first, second] = await sql<{ origin: string; isOpen: boolean }[]>`
    select origin, is_open as "isOpen" from log order by log_id`;
  assert.deepEqual(first, { origin: before.origin, isOpen: false });
  assert.ok(second?.isOpen && second.origin.startsWith(`${before.origin}/`));

  const { seed } = await logKey();
  const renamed = signerKey(second.origin, keyTypes.signature, seed);
  for (;;) {
    const served = await readFileOf(audit, 'checkpoint');
    const opened = served && openCheckpoint(new TextDecoder().decode(served), [renamed]);
    if (opened === undefined) continue;
    assert.ok(!isInvalid(opened));
    if (opened.checkpoint.size < 11) continue;
    const entries = await verifiedEntries(audit, opened.checkpoint);
    assert.equal(new TextDecoder().decode(entries[0]), note);
    break;
  }
  assert.deepEqual(await findings(audit), []);
});

test('GJ-6e events from before there was a log enter it in their order', async () => {
  await using audit = await startTestAudit();
  await audit.publish(some(700));
  await audit.recorded(700);
  await audit.stop();
  const { sql } = audit.database;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of ['log_leaf', 'log_tile', 'log_checkpoint', 'log']) await tx.unsafe(`delete from ${table}`);
  });
  const path = join(audit.env.ERX_LOG_DIR, 'checkpoint');
  await writeFile(path, '');
  await assert.rejects(audit.start(), /checkpoint kept outside the database: not a signed note/);
  await rm(path);
  await audit.start();
  await signedTree(audit, 700);
  const rows = await sql`
    select from log_leaf join entry_run on event_ids[index + 2 - first_number] = event_id where division = '100000'`;
  assert.equal(rows.length, 700);
  assert.deepEqual(await findings(audit), []);
});

test('GJ-6e a new key signs beside the old one, and signs alone when that has retired', async () => {
  await using audit = await startTestAudit();
  const old = await logKey();
  const next = signerKey(old.name, keyTypes.signature, new Uint8Array(32).fill(5));
  const keyFile = join(audit.env.ERX_LOG_DIR, 'log.keys');
  audit.env.ERX_LOG_KEY_FILE = keyFile;
  const restartWith = async (...lines: string[]) => {
    await audit.stop();
    await writeFile(keyFile, '');
    for (const line of lines) await appendFile(keyFile, `${line}\n`);
    await audit.start();
    await audit.publish(some(5));
  };
  const opensWith = async (key: typeof old) => !isInvalid(openCheckpoint(await servedNote(audit), [key]));

  await restartWith(formatSignerKey(old), formatSignerKey(next));
  await signedTree(audit, 5);
  assert.deepEqual([await opensWith(old), await opensWith(next)], [true, true]);
  await restartWith(formatSignerKey(next), formatVerifierKey(old));
  while (await opensWith(old)) await audit.recorded(10);
  assert.equal(await opensWith(next), true);
  assert.deepEqual(await findings(audit), []);
});

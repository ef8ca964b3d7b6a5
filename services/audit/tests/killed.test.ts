import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogEntry } from '@erx/proto/audit/v1/audit_log';
import { AuditServiceDefinition } from '@erx/proto/audit/v1/audit_service';
import { actorOf, connect } from '@erx/rpc';
import { seededRandom } from '@erx/testkit';
import {
  type Checkpoint,
  consistencyProof,
  isInvalid,
  leafHash,
  openCheckpoint,
  openTree,
  verifyConsistency,
} from '@erx/tlog';
import { findings, logKey, signedTree, type TestAudit, tilesOf, verifiedEntries } from './log-support.ts';
import { startTestAudit, viewed } from './support.ts';

const KILLS = 4;
/** From its first entry on; a tree is signed each second. */
const LONGEST_LIFE_MS = 2_500;
const BATCH = 20;
const PAUSE_MS = 20;
const SEED = 'killed-1';

test('GJ-6e audit killed again and again while it appends: no index twice, every event once, one history for all who looked', {
  timeout: 240_000,
}, async () => {
  await using audit = await startTestAudit();
  await audit.stop();
  const random = seededRandom(SEED);
  const published: string[] = [];
  const seen: Checkpoint[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const life = new DataView(random(4).buffer).getUint32(0) % LONGEST_LIFE_MS;
    const child = await startProcess(audit);
    const end = new AbortController();
    const watching = watch(audit, seen, end.signal);
    const publishing = publish(audit, published, end.signal);
    const [before] = await audit.database.sql<{ n: number }[]>`select count(*)::int as n from entry`;
    await audit.recorded((before?.n ?? 0) + 1);
    await sleep(life);
    child.kill('SIGKILL');
    const [, signal] = await once(child, 'exit');
    end.abort();
    await Promise.all([watching, publishing]);
    assert.equal(signal, 'SIGKILL');
  }
  assert.ok(seen.length >= 3, `checkpoints were seen between the kills: ${seen.length}`);

  await audit.start();
  const last = await signedTree(audit, published.length);
  assert.equal(last.size, published.length);
  const entries = await verifiedEntries(audit, last);
  const recorded = entries.map((entry) => LogEntry.decode(entry).eventId);
  assert.deepEqual(recorded.toSorted(), published.toSorted(), 'every event once, and nothing else');

  const tree = await openTree(0, async () => new Uint8Array());
  for (const older of seen) {
    const proof = await consistencyProof(older.size, last.size, tilesOf(audit));
    assert.ok(verifyConsistency(older, last, proof), `${older.size} → ${last.size}`);
    tree.append(entries.slice(tree.size, older.size).map(leafHash));
    assert.deepEqual(Buffer.from(tree.root()), Buffer.from(older.root), 'each is the beginning of all later ones');
  }
  assert.deepEqual(await findings(audit), []);
});

/** Audit as a process of its own, at the address that the test's settings name; resolves when it serves. */
async function startProcess(audit: TestAudit): Promise<ChildProcess> {
  audit.env.ERX_GRPC_LISTEN = `127.0.0.1:${await freePort()}`;
  const child = fork(join(import.meta.dirname, '..', 'src', 'main.ts'), {
    env: { ...process.env, ...audit.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

/** Events without a pause, so that a kill at any moment is one while something is appended. */
async function publish(audit: TestAudit, published: string[], end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    const events = Array.from({ length: BATCH }, (_, n) => viewed(`p${n % 9}`, String(published.length + n)));
    await audit.publish(events);
    published.push(...events.map(({ id }) => id));
    await sleep(PAUSE_MS, undefined, { signal: end }).catch(() => {});
  }
}

/** Keeps every further checkpoint that the process serves. */
async function watch({ env }: TestAudit, seen: Checkpoint[], end: AbortSignal): Promise<void> {
  const key = await logKey();
  await using client = connect(AuditServiceDefinition, env.ERX_GRPC_LISTEN, env.ERX_TLS_DIR, 'gateway');
  while (!end.aborted) {
    const file = await client
      .readLogFile({ logId: 0, path: 'checkpoint' }, { actor: actorOf({}), deadlineMs: 500 })
      .catch(() => undefined);
    if (file === undefined || 'refused' in file || file.content === undefined) continue;
    const opened = openCheckpoint(new TextDecoder().decode(file.content), [key]);
    assert.ok(!isInvalid(opened), JSON.stringify(opened));
    const { checkpoint } = opened;
    const before = seen.at(-1);
    if (before !== undefined && before.size === checkpoint.size) {
      assert.deepEqual(Buffer.from(checkpoint.root), Buffer.from(before.root));
    } else {
      assert.ok(checkpoint.size > (before?.size ?? 0), 'what was served once is never taken back');
      seen.push(checkpoint);
    }
    await sleep(20, undefined, { signal: end }).catch(() => {});
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

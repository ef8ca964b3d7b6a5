import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { createClock } from '@erx/rpc';
import { metrics, refreshGauges } from '@erx/telemetry';
import { eventually } from '@erx/testkit';
import { isInvalid, leafHash, openCheckpoint, verifyInclusion } from '@erx/tlog';
import { chainEvents, chainIds } from './chain.ts';
import { findings, logKey, readFileOf, servedNote, signedTree, verifiedEntries } from './log-support.ts';
import { regulator, startTestAudit, viewed } from './support.ts';
import { cosignedTree, listed, startDeaf, startWitness } from './witness-support.ts';

const some = (count: number) => Array.from({ length: count }, (_, n) => viewed(`p${n % 9}`, String(n)));

test('GJ-6e the checkpoint that everybody gets carries the cosignatures of all witnesses, and so does a receipt', async () => {
  await using first = await startWitness('regulator.example/w');
  await using second = await startWitness('insurer.example/w');
  await using audit = await startTestAudit(await listed(first, second));
  const chain = chainEvents(chainIds());
  await audit.publish([...chain, ...some(300)]);
  const { checkpoint } = await cosignedTree(audit, 300 + chain.length, [first, second]);
  assert.equal((await verifiedEntries(audit, checkpoint)).length, checkpoint.size);

  // A restarted log knows nothing of its witnesses; they tell.
  await audit.stop();
  await audit.start();
  await audit.publish(some(20));
  const grown = await cosignedTree(audit, 320 + chain.length, [first, second]);

  const receipt = await audit.client.readReceipt({ eventId: chain[0]?.id ?? '', grantId: '' }, regulator('420102'));
  assert.ok(!isRefused(receipt));
  const opened = openCheckpoint(receipt.checkpoint, [await logKey(), first.key, second.key]);
  assert.ok(!isInvalid(opened));
  assert.equal(opened.signed.length, 3);
  const { size, root } = opened.checkpoint;
  assert.ok(size >= grown.checkpoint.size);
  assert.ok(verifyInclusion(leafHash(receipt.leaf), Number(receipt.index), size, receipt.proof, root));
  assert.deepEqual(await findings(audit), []);
});

test('GJ-6e a witness that is away, or takes and never answers, does not stop the log; what it missed it cosigns later', async () => {
  await using here = await startWitness('here.example/w');
  await using away = await startWitness('away.example/w');
  await using silent = await startWitness('silent.example/w');
  await using deaf = await startDeaf();
  let ahead = 0;
  const clock = createClock(() => new Date(Date.now() + ahead));
  const witnesses = await listed(here, away, { key: silent.key, url: deaf.url });
  await using audit = await startTestAudit(witnesses, { clock });
  await audit.publish(some(10));
  await cosignedTree(audit, 10, [here, away]);
  await away.stop();
  await audit.publish(some(10));
  await signedTree(audit, 20);
  await cosignedTree(audit, 20, [here], [here, away]);
  assert.ok(deaf.asked() > 0);
  await refreshGauges();
  const age = (await metrics.witnessAge.get()).values[0]?.value ?? 0;
  assert.ok(age > Date.parse('2020-01-01') / 1_000, 'the silent one never cosigned');

  await away.start();
  // Its rest is over, and nothing new has happened: the tree is signed again.
  ahead = 120_000;
  const { checkpoint } = await cosignedTree(audit, 20, [here, away]);
  assert.equal(checkpoint.size, 20);
});

test('GJ-6e a tree waits a second for its witness, then everybody gets it; the cosignature is added when it comes', async () => {
  await using witness = await startWitness('regulator.example/w');
  await witness.stop();
  let now = Date.now();
  const clock = createClock(() => new Date(now));
  await using audit = await startTestAudit(await listed(witness), { clock });
  await audit.publish(some(10));
  await eventually(async () => {
    const rows = await audit.database.sql`select from log_checkpoint where size = 10`;
    return rows.length === 1;
  });
  now += 999;
  assert.equal(await readFileOf(audit, 'checkpoint'), undefined);
  now += 1;
  assert.equal((await cosignedTree(audit, 10, [], [witness])).checkpoint.size, 10);

  await witness.start();
  // Its rest is over, and nothing new has happened: the tree is signed again, and does not wait again.
  now += 120_000;
  const sizes = new Set<number>();
  await eventually(async () => {
    const opened = openCheckpoint(await servedNote(audit), [await logKey(), witness.key]);
    assert.ok(!isInvalid(opened));
    sizes.add(opened.checkpoint.size);
    return opened.signed.length === 2;
  }, 60_000);
  assert.deepEqual([...sizes], [10]);
});

test('GJ-6e another history under the same name, by whoever holds database, key and checkpoint, is not cosigned', async () => {
  await using witness = await startWitness('regulator.example/w');
  await using audit = await startTestAudit(await listed(witness));
  await audit.publish(some(40));
  await cosignedTree(audit, 40, [witness]);
  await audit.stop();
  // The outside checkpoint is taken away, and two leaves change places: the tree that is signed from now on is another.
  await rm(join(audit.env.ERX_LOG_DIR, 'checkpoint'));
  await audit.database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of ['log_cosignature', 'log_checkpoint']) await tx.unsafe(`delete from ${table}`);
    await tx`update log_leaf set index = index + 1000 where index in (3, 4)`;
    await tx`update log_leaf set index = case index when 1003 then 4 else 3 end where index in (1003, 1004)`;
  });
  await audit.start();
  await audit.publish(some(5));
  const forked = await signedTree(audit, 45);
  assert.deepEqual(await findings(audit), [], 'from the database alone nothing is to be seen');
  await eventually(async () => witness.answered.includes(422));
  await cosignedTree(audit, forked.size, [], [witness]);
});

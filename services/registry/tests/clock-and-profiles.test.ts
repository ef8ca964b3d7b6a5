import assert from 'node:assert/strict';
import test from 'node:test';
import { actorOf } from '@erx/rpc';
import { authority, nothing, shown, startTestRegistry } from './support.ts';

const HOUR_MS = 3_600_000;
const context = authority('clock');

test('outside the sandbox the business clock cannot be set', async () => {
  await using registry = await startTestRegistry();
  assert.deepEqual(shown(await registry.gateway.setClock({ now: new Date() }, context)), ['NOT_FOUND']);
  assert.deepEqual(await registry.gateway.getClock({}, context), { version: 0n, offsetMs: 0n });
});

test('in the sandbox the authority sets the clock; it survives a restart and dates what happens next', async () => {
  await using registry = await startTestRegistry({ sandbox: true });
  const pharmacy = { actor: actorOf({ clientId: 'p', role: 'PHARMACY' }) };
  assert.deepEqual(shown(await registry.gateway.setClock({ now: new Date() }, pharmacy)), ['ACCESS_SCOPE_DENIED']);
  assert.deepEqual(shown(await registry.gateway.setClock({ now: undefined }, context)), [
    'REQUEST_INVALID /now NOT_AN_INSTANT',
  ]);
  // Deadlines decades later could not be written any more.
  const tooLate = { now: new Date('9999-12-31T00:00:00+08:00') };
  assert.deepEqual(shown(await registry.gateway.setClock(tooLate, context)), ['REQUEST_INVALID /now TOO_LARGE']);

  const now = new Date('2025-06-06T09:00:00+08:00');
  const first = await registry.gateway.setClock({ now }, context);
  const second = await registry.gateway.setClock({ now }, context);
  assert.ok('version' in first && 'version' in second);
  assert.deepEqual([first.version, second.version], [1n, 2n]);
  const drift = Date.now() + Number(second.offsetMs) - now.getTime();
  assert.ok(drift >= 0 && drift < HOUR_MS);

  await registry.restart();
  assert.deepEqual(await registry.gateway.getClock({}, context), second);
  // A refusal by rule is dated by the business clock of the new process.
  await registry.gateway.importReference(nothing, { ...pharmacy, request: authority('k').request });
  const [row] = await registry.database.sql<{ payload: Uint8Array }[]>`
    select payload from outbox where type = 'erx.access.v1.RequestRefused' order by seq desc limit 1`;
  const { RequestRefused } = await import('@erx/proto/access/v1/access_events');
  const judged = RequestRefused.decode(row?.payload ?? new Uint8Array()).context?.judgement?.businessTime;
  assert.equal(judged?.toISOString().slice(0, 10), '2025-06-06');
});

test('profiles are published once: a restart with the same release publishes nothing', async () => {
  await using registry = await startTestRegistry();
  const published = () => registry.database.sql`
    select key from outbox where type = 'erx.registry.v1.ProfilePublished' order by seq`;
  assert.deepEqual(
    (await published()).map((row) => row['key']),
    ['national', 'hubei', 'jilin'],
  );
  await registry.restart();
  assert.equal((await published()).length, 3);
});

test('a profile that differs from the published one is published in its next revision', async () => {
  await using registry = await startTestRegistry();
  await registry.database.sql`update reference_aggregate set content_hash = ${new Uint8Array(32)} where key = 'hubei'`;
  await registry.restart();
  const rows = await registry.database.sql`
    select key, revision::int from reference_aggregate where kind = 'PROFILE' order by key`;
  assert.deepEqual(
    rows.map((row) => [row['key'], row['revision']]),
    [
      ['hubei', 2],
      ['jilin', 1],
      ['national', 1],
    ],
  );
});

// PostgreSQL has no room left for a service's events: callers get 503 with Retry-After, and go on when it has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase } from '@erx/postgres';
import { fill, prescribe, type Scene } from '@erx/sandbox';
import { eventually } from '@erx/testkit';
import { booksOf } from '../src/books-of.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { startOwnEngines } from '../src/own-engines.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';
import { mountSmallDisk } from '../src/small-disk.ts';

/** Engines of its own are started, and clients are patient. */
const SLOW = { timeout: 600_000 };

const stack = new AsyncDisposableStack();
let sandbox: SandboxInProcess;
let serial = 0;
/** `Retry-After` of every 503. */
let later: (string | null)[] = [];

before(async () => {
  stack.use(await startOwnEngines());
  sandbox = stack.use(await startSandboxInProcess('2025-06-06T09:00:00+08:00'));
  const { fetch } = globalThis;
  globalThis.fetch = async (...request) => {
    const response = await fetch(...request);
    if (response.status === 503) later.push(response.headers.get('retry-after'));
    return response;
  };
  stack.defer(() => {
    globalThis.fetch = fetch;
  });
}, SLOW);
after(() => stack.disposeAsync());

/** From the doctor to the packs in the patient's hand, however long it takes. */
async function played(): Promise<Scene> {
  const scene = await sandbox.scene();
  serial += 1;
  const cast = { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy: 'P1', serials: [serial] };
  const visit = fixtureVisit(sandbox.world, cast);
  await fill.fill(scene, visit, await prescribe.prescribe(scene, visit));
  return scene;
}

const PLAYS = 3;

/** Plays go on while the disk is full; when it is not any more, each comes to its end, and nothing was lost. */
async function through(relieve: () => Promise<void>): Promise<void> {
  later = [];
  const plays = Array.from({ length: PLAYS }, () => played());
  // Failures are looked at when all have ended.
  const ended = Promise.allSettled(plays);
  await eventually(async () => later.length >= 2 * PLAYS, 50_000);
  await relieve();
  for (const outcome of await ended) {
    assert.deepEqual(outcome.status === 'fulfilled' ? outcome.value.log : outcome.reason, ['HANDED_OVER']);
  }
  for (const seconds of later) assert.match(seconds ?? 'none', /^[1-9][0-9]*$/);
  const { balanced, lines } = await booksOf(sandbox.hub);
  assert.ok(balanced, lines.join('\n'));
}

test('GJ-6b a disk without room: 503 with Retry-After, then every sale comes to its end', SLOW, async (t) => {
  await using closing = new AsyncDisposableStack();
  const { sql } = closing.adopt(openDatabase(sandbox.hub.databases.dispensing, 1, 'test'), (it) => it.close());
  const disk = await mountSmallDisk(sql);
  if (disk === undefined) return t.skip('this user may not mount a small file system');
  closing.use(disk);
  await sql.unsafe(`create tablespace small location '${disk.folder}'`);
  await sql`alter table outbox set tablespace small`;
  disk.fill();
  await through(async () => disk.empty());
  await sql`alter table outbox set tablespace pg_default`;
  await sql`drop tablespace small`;
});

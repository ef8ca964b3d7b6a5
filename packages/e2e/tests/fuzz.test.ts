import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { roles } from '@erx/auth';
import { fuzz } from '@erx/hub/fuzz';
import { fill, prescribe } from '@erx/sandbox';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { openKnocker } from '../src/knock.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

/** As many as `npm run fuzz` sends: all routes and all methods. */
const COUNT = 20_000;
/** CI has two cores, and other tests run beside it. */
const PATIENCE = { timeout: 900_000 };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Of this process, in which the whole hub runs; without garbage, much of which V8 keeps while memory is not short. */
function megabytes(): number {
  collectGarbage();
  return process.memoryUsage().rss / 2 ** 20;
}

let sandbox: SandboxInProcess;
before(async () => {
  sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
  // Something for the nonsense to point at.
  const scene = await sandbox.scene();
  const visit = fixtureVisit(sandbox.world, {
    person: 'PT1',
    doctor: 'DR1',
    drug: 'D1',
    pharmacy: 'P1',
    serials: [1],
  });
  await fill.fill(scene, visit, await prescribe.prescribe(scene, visit));
});
after(() => sandbox?.[Symbol.asyncDispose]());

test(
  'GJ-6b nonsense for every route and method: no failure inside, no change by what is refused, bounded memory',
  PATIENCE,
  async () => {
    const { hub } = sandbox;
    const knocker = openKnocker(sandbox);
    const report = await fuzz(
      {
        url: hub.url,
        roles,
        token: (role) => knocker.tokenOf(knocker.clientOf(role)),
        addresses: hub.addresses,
        tls: hub.tls,
        databases: hub.databases,
        memory: () => ({ hub: megabytes() }),
        progress: () => {},
      },
      { count: COUNT, seed: '20260131' },
    );
    assert.ok(report.passed, report.lines().join('\n'));
    assert.ok(report.requests >= COUNT);
  },
);

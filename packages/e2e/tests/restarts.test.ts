import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fill, prescribe } from '@erx/sandbox';
import { booksOf } from '../src/books-of.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type ServiceName, serviceNames } from '../src/hub-settings.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

describe('a service that is started again', () => {
  let sandbox: SandboxInProcess;
  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  let serial = 0;
  for (const name of serviceNames) {
    test(`GJ-6b ${name} restarted in the middle of the way loses nothing`, () => sellAround(name));
  }

  test('the books balance after all of it', async () => {
    const { balanced, lines } = await booksOf(sandbox.hub);
    assert.ok(balanced, lines.join('\n'));
  });

  async function sellAround(name: ServiceName): Promise<void> {
    const scene = await sandbox.scene();
    serial += 1;
    const visit = fixtureVisit(sandbox.world, {
      person: 'PT1',
      doctor: 'DR1',
      drug: 'D1',
      pharmacy: 'P1',
      serials: [serial],
    });
    const issued = await prescribe.prescribe(scene, visit);
    await sandbox.hub.restart(name);
    const grantId = await fill.takeIn(scene, visit, issued);
    const again = sandbox.hub.restart(name);
    await fill.buy(scene, visit, issued, visit.counter, grantId);
    await again;
    assert.deepEqual(scene.log, ['HANDED_OVER']);
  }
});

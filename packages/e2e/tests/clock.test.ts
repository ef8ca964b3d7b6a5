import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fill, fixtureOf, prescribe } from '@erx/sandbox';
import { codesOf } from '../src/codes.ts';
import { fixtureVisit } from '../src/fixture-visit.ts';
import { type SandboxInProcess, startSandboxInProcess } from '../src/sandbox-in-process.ts';

describe('the business clock', () => {
  let sandbox: SandboxInProcess;
  before(async () => {
    sandbox = await startSandboxInProcess('2025-06-06T09:00:00+08:00');
  });
  after(() => sandbox?.[Symbol.asyncDispose]());

  const visit = (pharmacy: string, serial: number) =>
    fixtureVisit(sandbox.world, { person: 'PT1', doctor: 'DR1', drug: 'D1', pharmacy, serials: [serial] });
  const moveTo = async (instant: string): Promise<void> =>
    assert.deepEqual(codesOf(await sandbox.authority.setClock(instant)), []);

  test('SM-4 a lock is over after 24 hours and another pharmacy takes the prescription', async () => {
    const first = visit('P1', 1);
    const scene = await sandbox.scene();
    const issued = await prescribe.prescribe(scene, first);
    await fill.takeIn(scene, first, issued);
    await moveTo('2025-06-07T10:00:00+08:00');
    const other = { ...visit('P9', 1), counter: visit('P9', 1).counter };
    const later = await sandbox.scene();
    await fill.fill(later, other, issued);
    assert.deepEqual(later.log, ['HANDED_OVER']);
  });

  test('SM-4 a prescription whose validity is over is refused PRESCRIPTION_EXPIRED', async () => {
    const first = visit('P1', 2);
    const scene = await sandbox.scene();
    const issued = await prescribe.prescribe(scene, first);
    await moveTo('2025-06-20T10:00:00+08:00');
    const later = await sandbox.scene();
    const grantId = await fill.arrive(later, prescribe.patientOf(first), first.counter);
    const answer = await later
      .pharmacy(fixtureOf(sandbox.world.pharmacies, 'P1'))
      .lock(issued.prescriptionId, grantId, issued.qr);
    assert.deepEqual(codesOf(answer), ['PRESCRIPTION_EXPIRED']);
  });

  test('HB-23a a grant is over after 30 minutes, and a new check renews it', async () => {
    const first = visit('P1', 3);
    const scene = await sandbox.scene();
    const issued = await prescribe.prescribe(scene, first);
    const grantId = await fill.takeIn(scene, first, issued);
    await moveTo('2025-06-20T11:00:00+08:00');
    const later = await sandbox.scene();
    const stale = await fill.askQuote(later, first, issued, first.counter, grantId, fill.basketOf(first));
    assert.deepEqual(codesOf(stale), ['GRANT_INVALID']);
    const renewed = await fill.arrive(later, prescribe.patientOf(first), first.counter);
    await fill.buy(later, first, issued, first.counter, renewed);
    assert.deepEqual(later.log, ['HANDED_OVER']);
  });
});

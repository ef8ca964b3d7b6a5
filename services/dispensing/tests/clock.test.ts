import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '@erx/testkit';
import { newPackage, openCounter } from './counter.ts';
import { contextOf, lastEvent, openHospital, remains } from './hospital.ts';
import { answered, refusals, startTestDispensing } from './support.ts';
import { doctor, NOW, P3, YS3 } from './world.ts';

const hub = await startTestDispensing({ waitMs: 300, sweepMs: 25 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});
const elsewhere = { pharmacyId: P3.institutionId, pharmacistId: YS3 };
const DAY_LATER = '2025-06-07T09:00:00+08:00';
const END = '2025-06-09T08:30:00+08:00';

describe('the clock alone', () => {
  test('SM-4 after 24 hours a lock is over, on record by the hub itself; the pharmacy is told, another may take it', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    hub.clock.set('2025-06-07T08:59:59+08:00');
    answered(await counter.quote());
    hub.clock.set(DAY_LATER);
    await eventually(async () => (await remains(hub, issued))[0] === 'CIRCULATING');
    const event = await lastEvent(hub, issued);
    assert.deepEqual([event?.type, event?.payload['reason']], ['LockReleased', 'TIMED_OUT']);
    const context = contextOf(event);
    assert.deepEqual([context?.actor?.role, context?.judgement?.businessTime], ['SYSTEM', new Date(DAY_LATER)]);
    assert.deepEqual(refusals(await counter.review()), ['INVALID_STATE_TRANSITION']);
    answered(await openCounter(hub, issued, elsewhere).lock());
    assert.deepEqual(refusals(await counter.review()), ['PRESCRIPTION_NOT_FOUND']);
  });

  test('SM-4 at the end of its validity what is open expires, also the rest of a partial fill and under a lock', async () => {
    const untouched = await hub.circulate();
    const part = await hub.circulate();
    const counter = openCounter(hub, part);
    await counter.approve();
    await counter.buy(1n);
    hub.clock.set('2025-06-08T09:00:00+08:00');
    await counter.approve();
    hub.clock.set(END);
    await eventually(async () => (await remains(hub, part))[0] === 'EXPIRED');
    assert.deepEqual(await remains(hub, part), ['EXPIRED', [0, 0, 1, 0, 1]]);
    await eventually(async () => (await remains(hub, untouched))[0] === 'EXPIRED');
    assert.deepEqual(await remains(hub, untouched), ['EXPIRED', [0, 0, 0, 0, 2]]);
    const event = await lastEvent(hub, part);
    assert.deepEqual(
      [event?.type, event?.payload['lines'], event?.payload['pharmacyId']],
      ['PrescriptionExpired', [{ lineNo: 1, quantity: 10_000n }], 'P42010600001'],
    );
    assert.deepEqual(refusals(await counter.review()), ['PRESCRIPTION_EXPIRED']);
    assert.deepEqual(refusals(await counter.lock()), ['PRESCRIPTION_EXPIRED']);
  });

  test('SM-4 never in the middle of a sale: the sale ends first, the rest expires with it', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    hub.clock.set('2025-06-09T08:20:00+08:00');
    await counter.approve();
    const { quoteToken } = answered(await counter.quote(1n));
    const wake = hub.peers.hang('settle', 'after');
    const selling = counter.sell(quoteToken, [newPackage()]);
    await eventually(async () => (await remains(hub, issued))[0] === 'SELLING');
    hub.clock.set(END);
    // Others are swept meanwhile, this one is not.
    const other = await hub.circulate();
    await eventually(async () => (await remains(hub, other))[0] === 'EXPIRED');
    assert.deepEqual(await remains(hub, issued), ['SELLING', [1, 1, 0, 0, 0]]);
    wake();
    await selling;
    await eventually(async () => (await remains(hub, issued))[0] === 'EXPIRED');
    assert.deepEqual(await remains(hub, issued), ['EXPIRED', [0, 0, 1, 0, 1]]);
  });

  test('SM-4 two processes that sweep at once write everything once', async () => {
    await using second = await hub.startAnother({ sweepMs: 25 });
    assert.ok(second.client);
    const all = await Promise.all(Array.from({ length: 12 }, () => hub.circulate()));
    hub.clock.set(END);
    for (const issued of all) {
      await eventually(async () => (await remains(hub, issued))[0] === 'EXPIRED');
      assert.equal((await hub.eventsOf(issued.prescriptionId)).length, 1);
    }
  });

  test('HB-22-0 a licence that ends by itself puts what its doctor has signed on hold on that day', async () => {
    const until = new Date('2025-06-07T00:00:00+08:00');
    const licensed = [{ from: new Date('2024-01-01T00:00:00+08:00'), to: until }];
    await hub.tellOf(doctor('D-ends', { licensed }));
    const issued = await hub.circulate({ doctorId: 'D-ends' });
    answered(await openCounter(hub, issued).lock());
    hub.clock.set('2025-06-07T00:00:00+08:00');
    await eventually(async () => (await remains(hub, issued))[0] === 'ON_HOLD');
    assert.equal((await lastEvent(hub, issued))?.payload['reason'], 'DOCTOR_FILING_EXPIRED');
    // On hold it expires like any other.
    hub.clock.set(END);
    await eventually(async () => (await remains(hub, issued))[0] === 'EXPIRED');
    assert.deepEqual(refusals(await openHospital(hub).resume(issued.prescriptionId, 'D-2')), ['PRESCRIPTION_EXPIRED']);
  });
});

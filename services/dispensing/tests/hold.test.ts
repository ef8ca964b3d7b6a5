import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '@erx/testkit';
import { newPackage, openCounter } from './counter.ts';
import { figures, lastEvent, openHospital, remains } from './hospital.ts';
import { answered, prescription, qrOf, refusals, startTestDispensing } from './support.ts';
import { doctor, NOW, REVOKED } from './world.ts';

const hub = await startTestDispensing({ waitMs: 300 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});
const hospital = openHospital(hub);
const revoked = (id: string) => doctor(id, { filings: REVOKED });

describe('hold', () => {
  test('HB-22-0 a revoked doctor: everything unsold goes on hold, the pharmacies hear why, what is sold stays', async () => {
    const [open, locked, part, sold] = await Promise.all([
      hub.circulate({ doctorId: 'D-1' }),
      hub.circulate({ doctorId: 'D-1' }),
      hub.circulate({ doctorId: 'D-1' }),
      hub.circulate({ doctorId: 'D-1' }),
    ]);
    const other = await hub.circulate({ doctorId: 'D-other' });
    const counter = openCounter(hub, locked);
    await counter.approve();
    for (const [issued, packs] of [
      [part, 1n],
      [sold, 2n],
    ] as const) {
      const till = openCounter(hub, issued);
      await till.approve();
      await till.buy(packs);
    }
    await hub.tellOf(revoked('D-1'));
    const states = await Promise.all(
      [open, locked, part, sold, other].map(async (each) => (await remains(hub, each))[0]),
    );
    assert.deepEqual(states, ['ON_HOLD', 'ON_HOLD', 'ON_HOLD', 'SETTLED', 'CIRCULATING']);
    const { type, payload } = (await lastEvent(hub, locked)) ?? {};
    assert.equal(type, 'PrescriptionHeld');
    assert.deepEqual(
      [payload?.['reason'], payload?.['doctorId'], payload?.['pharmacyId']],
      ['DOCTOR_REVOKED', 'D-1', 'P42010600001'],
    );
    for (const act of [counter.review(), counter.quote(), counter.lock(), counter.find(qrOf(locked))]) {
      const refused = await act;
      assert.deepEqual(refusals(refused), ['PRESCRIPTION_ON_HOLD']);
      assert.deepEqual(figures(refused), { reason: 'DOCTOR_REVOKED', since: NOW });
    }
    // Told again, nothing more happens.
    const before = (await hub.eventsOf(open.prescriptionId)).length;
    await hub.tellOf(revoked('D-1'));
    assert.equal((await hub.eventsOf(open.prescriptionId)).length, before);
  });

  test('HB-22-0 the revocation that comes before the prescription holds it on arrival', async () => {
    await hub.tellOf(revoked('D-early'));
    const issued = await hub.circulate({ doctorId: 'D-early' });
    assert.equal((await remains(hub, issued))[0], 'ON_HOLD');
    assert.equal((await lastEvent(hub, issued))?.type, 'PrescriptionHeld');
  });

  test('HB-22-0 revocation and arrival at one instant: never does it circulate on', async () => {
    const all = Array.from({ length: 10 }, (_, index) => prescription({ doctorId: `D-race-${index}` }));
    await Promise.all(all.flatMap((issued) => [hub.publish(issued), hub.tellOf(revoked(issued.doctorId))]));
    for (const issued of all) await eventually(async () => (await remains(hub, issued))[0] === 'ON_HOLD');
  });

  test('HB-22-0 a sale in flight ends first, then the rest goes on hold', async () => {
    const issued = await hub.circulate({ doctorId: 'D-flight' });
    const counter = openCounter(hub, issued);
    await counter.approve();
    const { quoteToken } = answered(await counter.quote(1n));
    const wake = hub.peers.hang('reserve', 'after');
    const selling = counter.sell(quoteToken, [newPackage()]);
    await eventually(async () => (await remains(hub, issued))[0] === 'SELLING');
    await hub.tellOf(revoked('D-flight'));
    assert.equal((await remains(hub, issued))[0], 'SELLING');
    assert.equal((await lastEvent(hub, issued))?.type, 'SaleStarted');
    wake();
    await selling;
    await eventually(async () => (await remains(hub, issued))[0] === 'ON_HOLD');
    assert.deepEqual(await remains(hub, issued), ['ON_HOLD', [1, 0, 1, 0, 0]]);
  });

  test('A-6 another admitted doctor signs: it circulates again, and is sold', async () => {
    const issued = await hub.circulate({ doctorId: 'D-gone' });
    await hub.tellOf(revoked('D-gone'));
    await hub.tellOf(doctor('D-2'));
    const { prescriptionId } = issued;
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await hospital.resume(prescriptionId, 'D-2'), { status: 'CIRCULATING' });
    }
    const types = (await hub.eventsOf(prescriptionId)).map(({ type }) => type);
    assert.deepEqual(types, ['PrescriptionHeld', 'PrescriptionResumed']);
    assert.equal((await lastEvent(hub, issued))?.payload['doctorId'], 'D-2');
    // News of the first doctor does not matter any more; the second one carries it now.
    await hub.tellOf(revoked('D-gone'));
    const counter = openCounter(hub, issued);
    await counter.approve();
    await counter.buy(1n);
    await hub.tellOf(revoked('D-2'));
    assert.deepEqual(await remains(hub, issued), ['ON_HOLD', [1, 0, 1, 0, 0]]);
  });

  test('A-6 a doctor who is revoked too cannot endorse; only what is on hold can be endorsed, by its own hospital', async () => {
    const issued = await hub.circulate({ doctorId: 'D-gone' });
    await hub.tellOf(revoked('D-3'));
    const { prescriptionId } = issued;
    const refused = await hospital.resume(prescriptionId, 'D-3');
    assert.deepEqual(refusals(refused), ['DOCTOR_REVOKED /doctorId']);
    assert.deepEqual(figures(refused), { doctorId: 'D-3', date: '2025-06-06' });
    const circulating = await hub.circulate();
    assert.deepEqual(refusals(await hospital.resume(circulating.prescriptionId, 'D-2b')), ['INVALID_STATE_TRANSITION']);
    const foreign = await hub.circulate({ doctorId: 'D-gone', hospitalId: 'H9' });
    assert.deepEqual(refusals(await hospital.resume(foreign.prescriptionId, 'D-2b')), ['PRESCRIPTION_NOT_FOUND']);
    answered(await hospital.withdraw(prescriptionId));
    assert.deepEqual(refusals(await hospital.resume(prescriptionId, 'D-2b')), ['PRESCRIPTION_WITHDRAWN']);
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { refuse } from '@erx/errors';
import { eventually } from '@erx/testkit';
import { dispensingBooks } from '../src/queries/books.ts';
import { newPackage, openCounter } from './counter.ts';
import { actorOf, figures, lastEvent, openHospital, remains } from './hospital.ts';
import { answered, prescription, qrOf, refusals, startTestDispensing } from './support.ts';
import { NOW, P3, YS3 } from './world.ts';

const hub = await startTestDispensing({ waitMs: 300 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});
const hospital = openHospital(hub);
const elsewhere = { pharmacyId: P3.institutionId, pharmacistId: YS3 };

describe('withdrawal', () => {
  test('CX-28c before the lock: everything open is withdrawn once, and every counter hears why and since when', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WITHDRAWN' });
    }
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
    const events = await hub.eventsOf(issued.prescriptionId);
    assert.deepEqual(
      events.map(({ type, payload }) => [type, payload['reason'], payload['pharmacyId'], payload['lines']]),
      [['PrescriptionWithdrawn', '诊断更正', '', [{ lineNo: 1, quantity: 20_000n }]]],
    );
    assert.deepEqual(actorOf(events[0]), hospital.actor);
    const refused = await counter.lock();
    assert.deepEqual(refusals(refused), ['PRESCRIPTION_WITHDRAWN']);
    assert.deepEqual(figures(refused), { reason: '诊断更正', since: NOW });
    assert.deepEqual(refusals(await counter.find(qrOf(issued))), ['PRESCRIPTION_WITHDRAWN']);
    assert.deepEqual(answered(await counter.find()).prescriptions, []);
  });

  test('CX-28c during the lock: the pharmacy that held it is told, any other finds nothing to act on', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WITHDRAWN' });
    assert.equal((await lastEvent(hub, issued))?.payload['pharmacyId'], 'P42010600001');
    for (const act of [counter.review(), counter.release(), counter.quote(), counter.history()]) {
      assert.deepEqual(refusals(await act), ['PRESCRIPTION_WITHDRAWN']);
    }
    assert.deepEqual(refusals(await openCounter(hub, issued, elsewhere).release()), ['PRESCRIPTION_NOT_FOUND']);
  });

  test('CX-28c while a sale is in flight it waits: the sale is sold whole, its end takes the rest', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    const { quoteToken } = answered(await counter.quote(1n));
    const wake = hub.peers.hang('settle', 'before');
    const selling = counter.sell(quoteToken, [newPackage()]);
    await eventually(async () => (await remains(hub, issued))[0] === 'SELLING');
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WAITING' });
    }
    assert.deepEqual(await remains(hub, issued), ['SELLING', [1, 1, 0, 0, 0]]);
    wake();
    await selling;
    await eventually(async () => (await remains(hub, issued))[0] === 'WITHDRAWN');
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 1, 1, 0]]);
    const types = (await hub.eventsOf(issued.prescriptionId)).map(({ type }) => type);
    assert.deepEqual(types.slice(-3), ['WithdrawalRequested', 'SaleCompleted', 'PrescriptionWithdrawn']);
    // What was sold stays sold and is handed over.
    const [row] = await hub.database.sql`
      select sale_id, list_sm3 from sale where prescription_id = ${issued.prescriptionId}`;
    const sale = { saleId: String(row?.['sale_id']), listSm3: String(row?.['list_sm3']) };
    assert.equal(answered(await counter.handOver(sale)).state, 'HANDED_OVER');
    assert.equal((await remains(hub, issued))[0], 'WITHDRAWN');
  });

  test('CX-28c a sale that comes to nothing leaves everything to the withdrawal that waited for it', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    const { quoteToken } = answered(await counter.quote(2n));
    hub.peers.hooks.settle = async () => {
      assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WAITING' });
      return refuse('SETTLE_QUOTE_STALE');
    };
    assert.deepEqual(refusals(await counter.sell(quoteToken, [newPackage(), newPackage()])), ['SETTLE_QUOTE_STALE']);
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
  });

  test('GX-3b after a sold part it takes the unsold rest; when all is sold it is refused', async () => {
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    await counter.buy(1n);
    assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WITHDRAWN' });
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 1, 1, 0]]);
    const used = await hub.circulate();
    const other = openCounter(hub, used);
    await other.approve();
    await other.buy(2n);
    assert.deepEqual(refusals(await hospital.withdraw(used.prescriptionId)), ['PRESCRIPTION_ALREADY_USED']);
  });

  test('CX-28c before the prescription has arrived: it enters withdrawn, by whom and why it was asked', async () => {
    const issued = prescription();
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WITHDRAWN' });
    }
    await hub.circulate(issued);
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
    const event = await lastEvent(hub, issued);
    assert.equal(event?.type, 'PrescriptionWithdrawn');
    assert.deepEqual(actorOf(event), hospital.actor);
    assert.deepEqual(refusals(await openCounter(hub, issued).lock()), ['PRESCRIPTION_WITHDRAWN']);
  });

  test('CX-28c arrival and withdrawal at one instant: never does it circulate on', async () => {
    const all = Array.from({ length: 20 }, () => prescription());
    const withdrawals = all.map(async (issued) => {
      await hub.publish(issued);
      assert.deepEqual(await hospital.withdraw(issued.prescriptionId), { status: 'WITHDRAWN' });
    });
    await Promise.all(withdrawals);
    for (const issued of all) {
      await eventually(async () => (await remains(hub, issued))[0] !== undefined);
      assert.equal((await remains(hub, issued))[0], 'WITHDRAWN');
    }
  });

  test('CX-7c of another hospital it does not exist; an expired one says so', async () => {
    const issued = await hub.circulate();
    const { prescriptionId } = issued;
    assert.deepEqual(refusals(await hospital.withdraw(prescriptionId, '', 'H9')), ['PRESCRIPTION_NOT_FOUND']);
    assert.deepEqual(refusals(await hospital.withdraw('nonsense')), ['PRESCRIPTION_NOT_FOUND']);
    // A stranger's tombstone means nothing to the hospital whose prescription it is.
    const later = prescription();
    answered(await hospital.withdraw(later.prescriptionId, '', 'H9'));
    await hub.circulate(later);
    assert.equal((await remains(hub, later))[0], 'CIRCULATING');
    hub.clock.set('2025-06-09T08:30:00+08:00');
    const refused = await hospital.withdraw(prescriptionId);
    assert.deepEqual(refusals(refused), ['PRESCRIPTION_EXPIRED']);
    assert.deepEqual(figures(refused), { validUntil: '2025-06-09T08:30:00+08:00' });
    assert.equal((await remains(hub, issued))[0], 'CIRCULATING');
    answered(await hospital.withdraw(randomUUID()));
  });
});

test('GX-3b the books find no state that contradicts its quantities, and would find one', async () => {
  assert.deepEqual((await dispensingBooks(hub.database.sql)).wrongStates, []);
  const issued = await hub.circulate();
  await hub.database.sql`
    update prescription set status = 'SETTLED' where prescription_id = ${issued.prescriptionId}`;
  assert.deepEqual((await dispensingBooks(hub.database.sql)).wrongStates, [issued.prescriptionId]);
});

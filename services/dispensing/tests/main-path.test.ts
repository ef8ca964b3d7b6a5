import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import { newPackage, openCounter } from './counter.ts';
import { answered, startTestDispensing } from './support.ts';
import { H1, P3, YS3 } from './world.ts';

const hub = await startTestDispensing();
test.after(() => hub[Symbol.asyncDispose]());

test('GJ-6b a prescription goes from circulation to the hand-over, every step with its cause and its places', async () => {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  const found = answered(await counter.find());
  assert.deepEqual(
    found.prescriptions.map(({ prescriptionId, status, lockId }) => ({ prescriptionId, status, lockId })),
    [{ prescriptionId: issued.prescriptionId, status: 'CIRCULATING', lockId: '' }],
  );
  const locked = answered(await counter.lock());
  assert.equal(locked.prescription?.status, 'LOCKED');
  assert.equal(locked.prescription?.hospitalName, H1.name);
  assert.deepEqual(locked.lockedUntil, new Date('2025-06-07T09:00:00+08:00'));
  assert.deepEqual(answered(await counter.history()).entries, []);
  assert.deepEqual(answered(await counter.review()), { opinion: 'APPROVED', status: 'PHARMACIST_APPROVED' });
  const codes = [newPackage(), newPackage()];
  const quoted = answered(await counter.quote(2n));
  assert.equal(quoted.amounts?.total, 1_116_000n);
  const sale = answered(await counter.sell(quoted.quoteToken, codes));
  assert.equal(sale.state, 'COMPLETED');
  assert.deepEqual(sale.amounts, quoted.amounts);
  const list = JSON.parse(Buffer.from(sale.purchaseList).toString());
  assert.equal(sm3Hex(sale.purchaseList), sale.listSm3);
  assert.deepEqual(list.lines[0].traceCodes, codes);
  assert.equal(list.patientFen, 223_200);
  const handed = answered(await counter.handOver(sale));
  assert.equal(handed.state, 'HANDED_OVER');

  const events = await hub.eventsOf(issued.prescriptionId);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['PrescriptionLocked', 'HistoryViewed', 'PharmacistApproved', 'SaleStarted', 'SaleCompleted', 'HandedOver'],
  );
  for (const [index, { headers }] of events.entries()) {
    assert.equal(headers['ce_territory'], '420106,420100');
    if (index > 0) assert.equal(headers['ce_causationid'], events[index - 1]?.headers['ce_id']);
  }
  assert.equal(events[4]?.payload['usedUp'], true);
  const started = events[3]?.headers['ce_id'];
  const asked = hub.peers.calls.filter(({ saleId }) => saleId === sale.saleId);
  assert.deepEqual(asked, [
    { method: 'reserve', saleId: sale.saleId, causationId: started },
    { method: 'settle', saleId: sale.saleId, causationId: started },
    { method: 'clearHandOver', saleId: sale.saleId, causationId: started },
  ]);
  const shown = answered(await hub.client.getSale({ saleId: sale.saleId }, counter.till()));
  assert.equal(shown.state, 'HANDED_OVER');
});

test('GX-3b one pack now and one at another pharmacy: lock, review and quote each time, then it is used up', async () => {
  const issued = await hub.circulate();
  const first = openCounter(hub, issued);
  await first.approve();
  const one = await first.buy(1n);
  const second = openCounter(hub, issued, { pharmacyId: P3.institutionId, pharmacistId: YS3 });
  await second.approve();
  const two = await second.buy(1n);
  // The first packs are still in the first pharmacy.
  answered(await second.handOver(two));
  answered(await first.handOver(one));
  const rows = await hub.database.sql`
    select status, open, held, sold from prescription join prescription_line using (prescription_id)
    where prescription_id = ${issued.prescriptionId}`;
  assert.deepEqual({ ...rows[0] }, { status: 'HANDED_OVER', open: 0n, held: 0n, sold: 20_000n });
});

test('HB-28b the pharmacist sees what this patient was sold at all pharmacies, and nobody else', async () => {
  const before = await hub.circulate();
  const first = openCounter(hub, before, { pharmacyId: P3.institutionId, pharmacistId: YS3 });
  await first.approve();
  await first.buy(1n);
  const next = await hub.circulate({ patient: before.patient });
  const counter = openCounter(hub, next);
  answered(await counter.lock());
  const { entries } = answered(await counter.history());
  assert.deepEqual(
    entries.map(({ pharmacyName, quantity, days, genericName }) => [pharmacyName, quantity, days, genericName]),
    [[P3.name, 10_000n, 30, '甲磺酸奥希替尼片']],
  );
  const other = openCounter(hub, await hub.circulate());
  answered(await other.lock());
  assert.deepEqual(answered(await other.history()).entries, []);
});

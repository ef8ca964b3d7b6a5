import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { SealedPerson } from '@erx/proto/common/v1/common';
import { actorOf } from '@erx/rpc';
import { eventually } from '@erx/testkit';
import { newPackage, openCounter } from './counter.ts';
import { figures, lastEvent, remains } from './hospital.ts';
import { answered, refusals, startTestDispensing } from './support.ts';
import { NOW, P1, P3, YS3 } from './world.ts';

const hub = await startTestDispensing({ waitMs: 1_500 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});

function agent(relation = 'SPOUSE') {
  const person = {
    personId: randomUUID(),
    nameSealed: new Uint8Array([1]),
    identitySealed: new Uint8Array([2]),
    phoneSealed: new Uint8Array([3]),
  };
  return { person, relation };
}

/** Approved; the agent buys, or the patient, as the grant says. */
async function sold(grantOf: (counter: ReturnType<typeof openCounter>, personId: string) => string) {
  const issued = await hub.circulate();
  const counter = openCounter(hub, issued);
  await counter.approve();
  const grant = grantOf(counter, issued.patient?.personId ?? '');
  const { quoteToken } = answered(await counter.quote(1n, undefined, grant));
  const sale = answered(await counter.sell(quoteToken, [newPackage()], counter.till(), grant));
  return { issued, counter, sale, grant };
}

const register = (limit = 200, afterSaleId = '', pharmacyId = P1.institutionId) => {
  const actor = actorOf({ clientId: `c-${pharmacyId}`, role: 'PHARMACY', institutionId: pharmacyId });
  return hub.client.listAgentPurchases({ afterSaleId, limit }, { actor });
};

describe('agents', () => {
  test('HB-24c the agent is registered with the sale before it is settled', async () => {
    const who = agent();
    const issued = await hub.circulate();
    const counter = openCounter(hub, issued);
    await counter.approve();
    const grant = counter.grantFor(issued.patient?.personId ?? '', 'DISPENSE', who);
    const { quoteToken } = answered(await counter.quote(1n, undefined, grant));
    const wake = hub.peers.hang('settle', 'before');
    const selling = counter.sell(quoteToken, [newPackage()], counter.till(), grant);
    await eventually(async () => (await remains(hub, issued))[0] === 'SELLING');
    const rows = await hub.database.sql`
      select agent_person_id, relation from sale_agent join sale using (sale_id)
      where prescription_id = ${issued.prescriptionId}`;
    assert.deepEqual([...rows], [{ agent_person_id: who.person.personId, relation: 'SPOUSE' }]);
    // Not in the register before it is a purchase.
    const listed = answered(await register()).purchases.map(({ prescriptionId }) => prescriptionId);
    assert.ok(!listed.includes(issued.prescriptionId));
    wake();
    answered(await selling);
  });

  test('HB-24d AGENT_SIGNATURE_MISSING without the agent’s own signature; with it the packs are handed over and told so', async () => {
    const who = agent('CHILD');
    const { issued, counter, sale, grant } = await sold((till, id) => till.grantFor(id, 'DISPENSE', who));
    const patientId = issued.patient?.personId ?? '';
    const unsigned = { grantId: grant, signatureSealed: new Uint8Array(), signaturePersonId: '' };
    assert.deepEqual(refusals(await counter.handOver(sale, unsigned)), ['AGENT_SIGNATURE_MISSING /signatureImage']);
    const byPatient = { grantId: grant, signaturePersonId: patientId };
    assert.deepEqual(refusals(await counter.handOver(sale, byPatient)), ['AGENT_SIGNATURE_MISSING /signatureImage']);
    const byAgent = { grantId: grant, signaturePersonId: who.person.personId };
    const unbound = { ...byAgent, listSm3: 'ef'.repeat(32) };
    assert.deepEqual(refusals(await counter.handOver(sale, unbound)), ['SIGNATURE_NOT_BOUND /listSm3']);
    answered(await counter.handOver(sale, byAgent));
    const { type, payload } = (await lastEvent(hub, issued)) ?? {};
    assert.equal(type, 'HandedOver');
    assert.deepEqual([payload?.['recipientPersonId'], payload?.['agentRelation']], [who.person.personId, 'CHILD']);
    const entry = answered(await register()).purchases.find(({ saleId }) => saleId === sale.saleId);
    assert.deepEqual(
      entry && SealedPerson.encode(entry.agent ?? assert.fail()).finish(),
      SealedPerson.encode(who.person).finish(),
    );
    assert.deepEqual(entry?.patient?.personId, patientId);
    assert.deepEqual(
      [entry?.relation, entry?.soldAt, entry?.handedOverAt, entry?.listSm3],
      ['CHILD', new Date(NOW), new Date(NOW), sale.listSm3],
    );
  });

  test('HB-24c who collects what the patient has bought is registered at the hand-over', async () => {
    const who = agent('OTHER');
    const { issued, counter, sale } = await sold((till, id) => till.grantFor(id));
    const grant = counter.grantFor(issued.patient?.personId ?? '', 'DISPENSE', who);
    answered(await counter.handOver(sale, { grantId: grant, signaturePersonId: who.person.personId }));
    const entry = answered(await register()).purchases.find(({ saleId }) => saleId === sale.saleId);
    assert.deepEqual([entry?.agent?.personId, entry?.relation], [who.person.personId, 'OTHER']);
  });

  test('HB-24c the register is the pharmacy’s own, page by page by time; what was taken back is no purchase', async () => {
    const all: string[] = [];
    for (const hour of ['11', '12', '13']) {
      hub.clock.set(`2025-06-06T${hour}:00:00+08:00`);
      const { sale } = await sold((till, id) => till.grantFor(id, 'DISPENSE', agent()));
      all.push(sale.saleId);
    }
    const [first = '', second = '', third = ''] = all;
    const after = async (id: string, limit = 200) =>
      answered(await register(limit, id)).purchases.map(({ saleId }) => saleId);
    assert.deepEqual(await after(first), [second, third]);
    assert.deepEqual(await after(first, 1), [second]);
    const counter = openCounter(hub, await hub.circulate());
    answered(await counter.reverse(second));
    assert.deepEqual(await after(first), [third]);
    assert.deepEqual(answered(await register(200, '', P3.institutionId)).purchases, []);
    assert.deepEqual(refusals(await register(200, third, P3.institutionId)), ['SALE_NOT_FOUND /afterSaleId']);
    for (const limit of [0, 201]) assert.deepEqual(refusals(await register(limit)), ['REQUEST_INVALID /limit']);
  });
});

describe('recall', () => {
  test('CX-14-3d TRACE_CODE_RECALLED: a recalled pack stays at the hand-over, until the sale is reversed', async () => {
    const { issued, counter, sale } = await sold((till, id) => till.grantFor(id));
    const [code = ''] = hub.peers.reserved.get(sale.saleId) ?? [];
    hub.peers.recalled.add(code);
    const refused = await counter.handOver(sale);
    assert.deepEqual(refusals(refused), ['TRACE_CODE_RECALLED']);
    assert.deepEqual(figures(refused), { traceCode: code, state: 'RECALLED', batchNo: 'B1', since: NOW });
    // Both reasons at once.
    const unsigned = { signatureSealed: new Uint8Array() };
    assert.deepEqual(refusals(await counter.handOver(sale, unsigned)), [
      'HANDOVER_SIGNATURE_MISSING /signatureImage',
      'TRACE_CODE_RECALLED',
    ]);
    assert.equal((await lastEvent(hub, issued))?.type, 'SaleCompleted');
    answered(await counter.reverse(sale.saleId));
    assert.deepEqual(await remains(hub, issued), ['CIRCULATING', [2, 0, 0, 0, 0]]);
  });

  test('CX-14-3d a hand-over that is refused for another reason clears nothing', async () => {
    const { counter, sale } = await sold((till, id) => till.grantFor(id));
    const unsigned = { signatureSealed: new Uint8Array() };
    assert.deepEqual(refusals(await counter.handOver(sale, unsigned)), ['HANDOVER_SIGNATURE_MISSING /signatureImage']);
    const asked = hub.peers.calls.filter(({ saleId }) => saleId === sale.saleId).map(({ method }) => method);
    assert.deepEqual(asked, ['reserve', 'settle', 'checkSale']);
  });

  test('CX-14-3d while traceability does not answer nothing is handed over', async () => {
    const { issued, counter, sale } = await sold((till, id) => till.grantFor(id));
    hub.peers.away('clearHandOver');
    await assert.rejects(counter.handOver(sale, {}, { ...counter.till(), deadlineMs: 1_000 }));
    hub.peers.hooks = {};
    assert.equal((await lastEvent(hub, issued))?.type, 'SaleCompleted');
    answered(await counter.handOver(sale));
  });
});

test('GX-3b the patient sees who filled what, also when it is used up or taken back; a pharmacy does not', async () => {
  const { issued, counter, sale } = await sold((till, id) => till.grantFor(id));
  hub.clock.set('2025-06-06T09:30:00+08:00');
  const there = openCounter(hub, issued, { pharmacyId: P3.institutionId, pharmacistId: YS3 });
  await there.approve();
  const second = await there.buy(1n);
  const clientId = 'app';
  const grantId = randomUUID();
  hub.peers.grants.set(grantId, {
    personId: issued.patient?.personId ?? '',
    institutionId: clientId,
    purpose: 'PATIENT_ACCESS',
  });
  const ask = async () => {
    const found = await hub.client.find({ grantId, qr: '' }, { actor: actorOf({ clientId, role: 'PATIENT' }) });
    const [view] = answered(found).prescriptions;
    return [
      view?.status,
      ...(view?.fills ?? []).map((fill) => [fill.saleId, fill.pharmacyName, fill.quantity, fill.state]),
    ];
  };
  const fill = (id: string, name: string, state: string) => [id, name, 10_000n, state];
  assert.deepEqual(await ask(), ['SETTLED', fill(sale.saleId, P1.name, 'SOLD'), fill(second.saleId, P3.name, 'SOLD')]);
  answered(await there.handOver(second));
  answered(await counter.reverse(sale.saleId));
  assert.deepEqual(await ask(), [
    'CIRCULATING',
    fill(sale.saleId, P1.name, 'REVERSED'),
    fill(second.saleId, P3.name, 'HANDED_OVER'),
  ]);
  assert.deepEqual(answered(await counter.find()).prescriptions[0]?.fills, []);
});

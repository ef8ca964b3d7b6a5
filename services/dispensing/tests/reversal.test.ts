import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '@erx/testkit';
import { dispensingBooks } from '../src/queries/books.ts';
import { newPackage, openCounter } from './counter.ts';
import { figures, lastEvent, openHospital, remains } from './hospital.ts';
import { answered, refusals, startTestDispensing } from './support.ts';
import { doctor, NOW, P3, REVOKED, YS3 } from './world.ts';

const hub = await startTestDispensing({ waitMs: 1_500 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});
const elsewhere = { pharmacyId: P3.institutionId, pharmacistId: YS3 };

/** So many packs are sold; they wait for the patient. */
async function sold(packs = 2n, change: Parameters<typeof hub.circulate>[0] = {}) {
  const issued = await hub.circulate(change);
  const counter = openCounter(hub, issued);
  await counter.approve();
  const codes = Array.from({ length: Number(packs) }, newPackage);
  const sale = await counter.buy(packs, codes);
  return { issued, counter, codes, sale, saleId: sale.saleId };
}

describe('reversal', () => {
  test('HB-37a money, packs and quantities are back; the same packs are sold anew, and only those on the counter return', async () => {
    const { issued, counter, codes, sale, saleId } = await sold();
    const before = await hub.eventsOf(issued.prescriptionId);
    const answer = answered(await counter.reverse(saleId, codes.slice(1)));
    assert.deepEqual({ ...answer }, { saleId, state: 'REVERSED', reversedAt: new Date(NOW) });
    assert.deepEqual(await remains(hub, issued), ['CIRCULATING', [2, 0, 0, 0, 0]]);
    assert.ok(hub.peers.reversed.has(saleId));
    assert.deepEqual(hub.peers.returned.get(saleId), { restocked: codes.slice(0, 1), quarantined: codes.slice(1) });
    const events = (await hub.eventsOf(issued.prescriptionId)).slice(before.length);
    assert.deepEqual(
      events.map(({ type, payload }) => [type, payload['leftCounter'] ?? payload['settlementId']]),
      [
        ['SaleReversing', codes.slice(1)],
        ['SaleReversed', sale.settlementId],
      ],
    );
    const lines = events[1]?.payload['lines'] as { quantity: bigint; traceCodes: string[] }[];
    assert.deepEqual([lines[0]?.quantity, lines[0]?.traceCodes], [20_000n, codes]);
    // What the others do for it is caused by it.
    const asked = hub.peers.calls.filter((each) => each.saleId === saleId).slice(-2);
    const causationId = events[0]?.headers['ce_id'];
    assert.deepEqual(asked, [
      { method: 'reverse', saleId, causationId },
      { method: 'returnSale', saleId, causationId },
    ]);
    assert.equal(answered(await counter.lock()).prescription?.status, 'LOCKED');
    answered(await counter.history());
    answered(await counter.review());
    const again = await counter.buy(1n, codes.slice(0, 1));
    assert.equal(answered(await counter.handOver(again)).state, 'HANDED_OVER');
    assert.deepEqual(await remains(hub, issued), ['CIRCULATING', [1, 0, 1, 0, 0]]);
    assert.equal(answered(await hub.client.getSale({ saleId }, counter.till())).state, 'REVERSED');
    // What was taken back is no history.
    assert.equal(answered(await openCounter(hub, issued, elsewhere).lock()).prescription?.lines[0]?.sold, 10_000n);
    const books = await dispensingBooks(hub.database.sql);
    assert.deepEqual(books.wrongStates, []);
    assert.ok(!books.soldLines.some((line) => line.saleId === saleId));
  });

  test('HB-37a a repeat with the same key gets the first answer, another content or key nothing', async () => {
    const { counter, codes, saleId } = await sold();
    const context = counter.till();
    const [first, second] = await Promise.all([
      counter.reverse(saleId, [], context),
      counter.reverse(saleId, [], context),
    ]);
    assert.deepEqual(answered(first), answered(second));
    assert.deepEqual(answered(await counter.reverse(saleId, [], context)), answered(first));
    const other = counter.till(context.request?.key, 'other content');
    assert.deepEqual(refusals(await counter.reverse(saleId, codes, other)), ['IDEMPOTENCY_KEY_REUSED']);
    assert.deepEqual(refusals(await counter.reverse(saleId)), ['INVALID_STATE_TRANSITION']);
    assert.equal(hub.peers.calls.filter((each) => each.method === 'reverse' && each.saleId === saleId).length, 1);
  });

  test('GJ-3a after the hand-over it is refused, and says when that was', async () => {
    const { counter, sale, saleId } = await sold();
    answered(await counter.handOver(sale));
    hub.clock.set('2025-06-06T10:00:00+08:00');
    const refused = await counter.reverse(saleId);
    assert.deepEqual(refusals(refused), ['INVALID_STATE_TRANSITION']);
    assert.deepEqual(figures(refused), { state: 'HANDED_OVER', command: 'BeginReversal', handedOverAt: NOW });
  });

  test('HB-33a within the claim month of the sale and not a second longer', async () => {
    const [early, late] = [await sold(), await sold()];
    hub.clock.set('2025-06-30T23:59:59+08:00');
    assert.equal(answered(await early.counter.reverse(early.saleId)).state, 'REVERSED');
    // Its validity is over by then: the quantity does not circulate any more.
    assert.deepEqual(await remains(hub, early.issued), ['EXPIRED', [0, 0, 0, 0, 2]]);
    hub.clock.set('2025-07-01T00:00:00+08:00');
    const refused = await late.counter.reverse(late.saleId);
    assert.deepEqual(refusals(refused), ['SETTLE_REVERSE_TOO_LATE']);
    assert.deepEqual(figures(refused), { soldAt: NOW, claimMonth: '2025-06' });
    assert.deepEqual(await remains(hub, late.issued), ['SETTLED', [0, 0, 2, 0, 0]]);
  });

  test('CX-14-3c only own sales, with a reason, and packs of the sale each once', async () => {
    const { issued, counter, codes, saleId } = await sold();
    const stranger = openCounter(hub, issued, elsewhere);
    assert.deepEqual(refusals(await stranger.reverse(saleId)), ['SALE_NOT_FOUND']);
    assert.deepEqual(refusals(await counter.reverse('nonsense')), ['SALE_NOT_FOUND']);
    const wrong = ['81000010000000000099', ...codes.slice(0, 1), ...codes.slice(0, 1)];
    assert.deepEqual(refusals(await counter.reverse(saleId, wrong, counter.till(), ' ')), [
      'REQUEST_INVALID /reason',
      'REQUEST_INVALID /leftCounter/0',
      'REQUEST_INVALID /leftCounter/2',
    ]);
    assert.deepEqual(await remains(hub, issued), ['SETTLED', [0, 0, 2, 0, 0]]);
    assert.equal((await lastEvent(hub, issued))?.type, 'SaleCompleted');
  });

  test('HB-37a once begun there is no hand-over; the caller hears REVERSING, the next look REVERSED', async () => {
    await using slow = await hub.startAnother({ waitMs: 100 });
    const { issued, counter, sale, saleId } = await sold();
    const context = counter.till();
    const wake = hub.peers.hang('returnSale', 'before');
    const request = { saleId, reason: '参保人未取药', leftCounter: [] };
    assert.equal(answered(await slow.client.reverseSale(request, context)).state, 'REVERSING');
    assert.equal(answered(await hub.system.getRequest({ key: context.request?.key ?? '' }, context)).state, 'RUNNING');
    assert.deepEqual(refusals(await counter.handOver(sale)), ['INVALID_STATE_TRANSITION']);
    assert.deepEqual(refusals(await counter.lock()), ['PRESCRIPTION_ALREADY_USED']);
    // The hospital may withdraw meanwhile; what comes back then is withdrawn.
    assert.deepEqual(await openHospital(hub).withdraw(issued.prescriptionId), { status: 'WAITING' });
    wake();
    assert.equal(answered(await hub.client.reverseSale(request, context)).state, 'REVERSED');
    assert.deepEqual(await remains(hub, issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
    const types = (await hub.eventsOf(issued.prescriptionId)).map(({ type }) => type);
    assert.deepEqual(types.slice(-3), ['WithdrawalRequested', 'SaleReversed', 'PrescriptionWithdrawn']);
  });

  test('HB-37a a part that was taken back joins what became of the rest: withdrawn, on hold, or used up no more', async () => {
    const rest = await sold(1n);
    answered(await openHospital(hub).withdraw(rest.issued.prescriptionId));
    answered(await rest.counter.reverse(rest.saleId));
    assert.deepEqual(await remains(hub, rest.issued), ['WITHDRAWN', [0, 0, 0, 2, 0]]);
    const held = await sold(2n, { doctorId: 'D-reversed' });
    await hub.tellOf(doctor('D-reversed', { filings: REVOKED }));
    assert.equal((await remains(hub, held.issued))[0], 'SETTLED');
    answered(await held.counter.reverse(held.saleId));
    assert.deepEqual(await remains(hub, held.issued), ['ON_HOLD', [2, 0, 0, 0, 0]]);
    // One of two sales: the other one is handed over, and the prescription is not used up.
    const first = await sold(1n);
    await first.counter.approve();
    const second = await first.counter.buy(1n);
    answered(await first.counter.handOver(second));
    answered(await first.counter.reverse(first.saleId));
    assert.deepEqual(await remains(hub, first.issued), ['CIRCULATING', [1, 0, 1, 0, 0]]);
  });

  test('HB-37a reversal and hand-over at one instant: one of them happens, the other is refused', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { issued, counter, sale, saleId } = await sold();
      const [reversed, handed] = await Promise.all([counter.reverse(saleId), counter.handOver(sale)]);
      const refused = [...refusals(reversed), ...refusals(handed)];
      assert.deepEqual(refused, ['INVALID_STATE_TRANSITION']);
      const [status] = await remains(hub, issued);
      assert.equal(status, refusals(reversed).length > 0 ? 'HANDED_OVER' : 'CIRCULATING');
    }
  });

  test('HB-37a a reversal while another pharmacy sells the rest: neither disturbs the other', async () => {
    const { issued, counter, saleId } = await sold(1n);
    const other = openCounter(hub, issued, elsewhere);
    await other.approve();
    const { quoteToken } = answered(await other.quote(1n));
    const wake = hub.peers.hang('settle', 'before');
    const selling = other.sell(quoteToken, [newPackage()]);
    await eventually(async () => (await remains(hub, issued))[0] === 'SELLING');
    answered(await counter.reverse(saleId));
    assert.deepEqual(await remains(hub, issued), ['SELLING', [1, 1, 0, 0, 0]]);
    wake();
    await selling;
    await eventually(async () => (await remains(hub, issued))[0] === 'CIRCULATING');
    assert.deepEqual(await remains(hub, issued), ['CIRCULATING', [1, 0, 1, 0, 0]]);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { refuse } from '@erx/errors';
import { dispensingBooks } from '../src/queries/books.ts';
import { newPackage, openCounter } from './counter.ts';
import { answered, qrOf, refusals, startTestDispensing, writtenLine } from './support.ts';
import { NOW, P1, P3, YS3 } from './world.ts';

const hub = await startTestDispensing({ waitMs: 25_000 });
test.after(() => hub[Symbol.asyncDispose]());
test.beforeEach(() => {
  hub.clock.set(NOW);
  hub.peers.hooks = {};
});

const elsewhere = { pharmacyId: P3.institutionId, pharmacistId: YS3 };

/** Approved and quoted for so many packs. */
async function atTheTill(packs = 2n, issued?: Awaited<ReturnType<typeof hub.circulate>>) {
  const prescription = issued ?? (await hub.circulate());
  const counter = openCounter(hub, prescription);
  await counter.approve();
  const { quoteToken } = answered(await counter.quote(packs));
  return { counter, quoteToken, prescriptionId: prescription.prescriptionId, issued: prescription };
}

async function quantities(prescriptionId: string) {
  const [row] = await hub.database.sql`
    select status, open, held, sold from prescription join prescription_line using (prescription_id)
    where prescription_id = ${prescriptionId}`;
  return { ...row };
}

const types = async (prescriptionId: string) => (await hub.eventsOf(prescriptionId)).map(({ type }) => type);

describe('quote', () => {
  test('HB-28a no price before the pharmacist has approved', async () => {
    const counter = openCounter(hub, await hub.circulate());
    assert.deepEqual(refusals(await counter.quote()), ['INVALID_STATE_TRANSITION']);
    answered(await counter.lock());
    assert.deepEqual(refusals(await counter.quote()), ['PHARMACIST_REVIEW_MISSING']);
  });

  test('CX-27b more packs than are left, no price and a foreign line: all at once', async () => {
    const { counter } = await atTheTill();
    assert.deepEqual(refusals(await counter.quote(3n, 0n)), [
      'QTY_OVER_LIMIT /lines/0/quantity',
      'REQUEST_INVALID /lines/0/unitPrice',
    ]);
    assert.deepEqual(refusals(await counter.quote(1n, 1n, undefined, 7)), ['CROSS_SELL_FORBIDDEN /lines/0/lineNo']);
  });

  test('HB-21-3 what settlement refuses is the answer, and nothing is held', async () => {
    const { counter, prescriptionId } = await atTheTill();
    hub.peers.hooks.quote = async () => refuse('PRICE_ABOVE_PAYMENT_STANDARD', undefined, '/lines/0/unitPrice');
    assert.deepEqual(refusals(await counter.quote()), ['PRICE_ABOVE_PAYMENT_STANDARD /lines/0/unitPrice']);
    assert.deepEqual(await quantities(prescriptionId), {
      status: 'PHARMACIST_APPROVED',
      open: 20_000n,
      held: 0n,
      sold: 0n,
    });
  });
});

describe('refusals of a sale', () => {
  test('CX-22c a quote that is over, another prescription’s, another pharmacy’s, or no quote', async () => {
    const { counter, quoteToken } = await atTheTill();
    const other = await atTheTill();
    const codes = [newPackage(), newPackage()];
    const stale = ['SETTLE_QUOTE_STALE /quoteToken'];
    assert.deepEqual(refusals(await counter.sell(other.quoteToken, codes)), stale);
    assert.deepEqual(refusals(await counter.sell('', codes)), stale);
    const [content = ''] = quoteToken.split('.');
    const fields = JSON.parse(Buffer.from(content, 'base64url').toString());
    const forge = (place: number, value: unknown) =>
      `${Buffer.from(JSON.stringify(fields.with(place, value))).toString('base64url')}.q1`;
    assert.deepEqual(refusals(await counter.sell(forge(1, P3.institutionId), codes)), stale);
    assert.deepEqual(refusals(await counter.sell(forge(4, [[9, '20000', '1']]), codes)), stale);
    hub.clock.set('2025-06-06T09:15:00+08:00');
    assert.deepEqual(refusals(await counter.sell(quoteToken, codes)), stale);
  });

  test('CX-22c a changed half of the token no longer fits settlement’s own, and the sale is taken back', async () => {
    const { counter, quoteToken, prescriptionId } = await atTheTill();
    const [content = '', token] = quoteToken.split('.');
    const fields = JSON.parse(Buffer.from(content, 'base64url').toString());
    fields[4][0][2] = '1';
    const cheaper = `${Buffer.from(JSON.stringify(fields)).toString('base64url')}.${token}`;
    const codes = [newPackage(), newPackage()];
    assert.deepEqual(refusals(await counter.sell(cheaper, codes)), ['SETTLE_QUOTE_STALE']);
    assert.equal(hub.peers.holderOf(codes[0] ?? ''), undefined);
    assert.deepEqual(await quantities(prescriptionId), {
      status: 'PHARMACIST_APPROVED',
      open: 20_000n,
      held: 0n,
      sold: 0n,
    });
    // The lock, the approval and the quote are as they were.
    assert.equal(answered(await counter.sell(quoteToken, codes)).state, 'COMPLETED');
  });

  test('CX-22c one quote buys once', async () => {
    const { counter, quoteToken, issued } = await atTheTill(1n);
    answered(await counter.sell(quoteToken, [newPackage()]));
    const again = openCounter(hub, issued);
    await again.approve();
    assert.deepEqual(refusals(await again.sell(quoteToken, [newPackage()])), ['SETTLE_QUOTE_STALE /quoteToken']);
    await again.buy(1n);
  });

  test('CX-14-3c packs without codes do not begin a sale', async () => {
    const { counter, quoteToken, prescriptionId } = await atTheTill();
    for (const codes of [[], [newPackage()], [newPackage(), newPackage(), newPackage()]]) {
      assert.deepEqual(refusals(await counter.sell(quoteToken, codes)), ['TRACE_CODE_MISSING /lines/0/traceCodes']);
    }
    assert.ok(!(await types(prescriptionId)).includes('SaleStarted'));
  });

  test('CX-14-3c what traceability refuses is the answer, in the places of the scan; key, quote and lock stay', async () => {
    const { counter, quoteToken, prescriptionId } = await atTheTill();
    const codes = [newPackage(), newPackage()];
    hub.peers.hooks.reserve = async () => refuse('TRACE_CODE_UNKNOWN', { traceCode: 'x' }, '/lines/0/traceCodes/1');
    const context = counter.till();
    assert.deepEqual(refusals(await counter.sell(quoteToken, codes, context)), [
      'TRACE_CODE_UNKNOWN /lines/0/traceCodes/1',
    ]);
    const events = await hub.eventsOf(prescriptionId);
    assert.deepEqual(
      events.slice(-2).map(({ type }) => type),
      ['SaleStarted', 'SaleAbandoned'],
    );
    assert.deepEqual(events.at(-1)?.payload['refusals'], [
      { code: 'TRACE_CODE_UNKNOWN', field: '/lines/0/traceCodes/1', detail: { traceCode: 'x' } },
    ]);
    const { key = '' } = context.request ?? {};
    assert.equal(answered(await hub.system.getRequest({ key }, context)).state, 'NONE');
    hub.peers.hooks = {};
    const sale = answered(await counter.sell(quoteToken, codes, context));
    assert.equal(sale.state, 'COMPLETED');
    const request = answered(await hub.system.getRequest({ key }, context));
    assert.deepEqual([request.state, request.operation], ['DONE', 'sale.sell']);
  });

  test('GX-3b what is used up stays used up, also for who shows its QR', async () => {
    const { counter, quoteToken, issued } = await atTheTill();
    answered(await counter.sell(quoteToken, [newPackage(), newPackage()]));
    const other = openCounter(hub, issued, elsewhere);
    const qr = qrOf(issued);
    for (const each of [counter, other]) {
      assert.deepEqual(refusals(await each.lock(each.till(), each.grantId, qr)), ['PRESCRIPTION_ALREADY_USED']);
      assert.deepEqual(refusals(await each.find(qr)), ['PRESCRIPTION_ALREADY_USED']);
    }
    assert.deepEqual(answered(await other.find()).prescriptions, []);
  });
});

describe('at one instant', () => {
  test('AS-07 7 two tills scan one pack for two prescriptions: exactly one sells it', async () => {
    for (let round = 0; round < 4; round += 1) {
      const tills = [await atTheTill(1n), await atTheTill(1n)];
      const contested = newPackage();
      const answers = await Promise.all(tills.map(({ counter, quoteToken }) => counter.sell(quoteToken, [contested])));
      assert.deepEqual(answers.map(refusals).sort(), [[], ['TRACE_CODE_DUPLICATE /lines/0/traceCodes/0']]);
    }
  });

  test('GX-3b two tills sell one prescription: one sale, one settlement', async () => {
    const { counter, quoteToken, prescriptionId } = await atTheTill();
    const codes = [newPackage(), newPackage()];
    const answers = await Promise.all([1, 2].map(() => counter.sell(quoteToken, codes)));
    assert.equal(answers.filter((answer) => refusals(answer).length === 0).length, 1);
    assert.deepEqual(await quantities(prescriptionId), { status: 'SETTLED', open: 0n, held: 0n, sold: 20_000n });
    const started = (await types(prescriptionId)).filter((type) => type === 'SaleStarted');
    assert.equal(started.length, 1);
  });

  test('HB-37a one request sent many times is one sale, and all get the first answer', async () => {
    const { counter, quoteToken, prescriptionId } = await atTheTill();
    const codes = [newPackage(), newPackage()];
    const context = counter.till();
    const answers = await Promise.all(Array.from({ length: 5 }, () => counter.sell(quoteToken, codes, context)));
    const [first] = answers;
    assert.equal(answered(first ?? refuse('NOT_FOUND')).state, 'COMPLETED');
    for (const answer of answers) assert.deepEqual(answer, first);
    hub.peers.grants.delete(counter.grantId);
    assert.deepEqual(await counter.sell(quoteToken, codes, context), first);
    const { key = '' } = context.request ?? {};
    assert.deepEqual(refusals(await counter.sell(quoteToken, codes, counter.till(key, 'other'))), [
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    assert.equal((await types(prescriptionId)).filter((type) => type === 'SaleCompleted').length, 1);
  });
});

describe('hand-over', () => {
  test('HB-29b signed by the buyer, for this list, once, at the pharmacy that sold', async () => {
    const { counter, quoteToken, issued } = await atTheTill();
    const sale = answered(await counter.sell(quoteToken, [newPackage(), newPackage()]));
    assert.deepEqual(refusals(await counter.handOver(sale, { signatureSealed: new Uint8Array() })), [
      'HANDOVER_SIGNATURE_MISSING /signatureImage',
    ]);
    assert.deepEqual(refusals(await counter.handOver(sale, { signaturePersonId: randomUUID() })), [
      'HANDOVER_SIGNATURE_MISSING /signatureImage',
    ]);
    assert.deepEqual(refusals(await counter.handOver(sale, { listSm3: 'other' })), ['SIGNATURE_NOT_BOUND /listSm3']);
    const stranger = counter.grantFor(randomUUID());
    assert.deepEqual(refusals(await counter.handOver(sale, { grantId: stranger })), ['PRESCRIPTION_PATIENT_MISMATCH']);
    const other = openCounter(hub, issued, elsewhere);
    assert.deepEqual(refusals(await other.handOver(sale)), ['SALE_NOT_FOUND']);
    assert.deepEqual(refusals(await hub.client.getSale({ saleId: sale.saleId }, other.till())), ['SALE_NOT_FOUND']);
    assert.deepEqual(refusals(await counter.handOver({ ...sale, saleId: 'nothing' })), ['SALE_NOT_FOUND']);
    const context = counter.till();
    const handed = answered(await counter.handOver(sale, {}, context));
    assert.deepEqual(await counter.handOver(sale, {}, context), handed);
    assert.deepEqual(refusals(await counter.handOver(sale)), ['INVALID_STATE_TRANSITION']);
    const [kept] = await hub.database.sql`select list_sm3 from hand_over where sale_id = ${sale.saleId}`;
    assert.equal(kept?.['list_sm3'], sale.listSm3);
  });
});

test('GX-3b the books: every pack in one column, a code for every sold pack, sums as the sales say', async () => {
  const issued = await hub.circulate({ lines: [writtenLine(1, 30_000n), writtenLine(2, 10_000n)] });
  const counter = openCounter(hub, issued);
  await counter.approve();
  const sale = await counter.buy(2n);
  const books = await dispensingBooks(hub.database.sql);
  const mine = books.lines.filter(({ prescriptionId }) => prescriptionId === issued.prescriptionId);
  assert.deepEqual(
    mine.map(({ prescribed, open, held, sold }) => [prescribed, open, held, sold]),
    [
      [30_000n, 10_000n, 0n, 20_000n],
      [10_000n, 10_000n, 0n, 0n],
    ],
  );
  const booked = books.sales.find(({ saleId }) => saleId === sale.saleId);
  assert.deepEqual(
    [booked?.state, booked?.total, booked?.patient],
    ['COMPLETED', sale.amounts?.total, sale.amounts?.patient],
  );
  for (const { quantity, codes } of books.soldLines) assert.equal(codes * 10_000n, quantity);
  assert.equal(books.soldCodes.filter(({ saleId }) => saleId === sale.saleId).length, 2);
  assert.equal(P1.institutionId, counter.till().actor.institutionId);
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { WHOLE } from '@erx/values';
import { AT, basis, D1, D3, D5, H1, line, P1, yuan } from '../src/domain/basis.fixture.ts';
import { settlementBooks } from '../src/queries/books.ts';
import { answered, caller, eventsOf, shown, somebody, startTestSettlement } from './support.ts';

const service = await startTestSettlement();
test.after(() => service[Symbol.asyncDispose]());
const { client, clock, database } = service;

const quoteOf = async (asked = basis()) => answered(await client.quote({ basis: asked }, caller));
const rowsOf = async (table: string, saleId: string) =>
  database.sql.unsafe(`select * from ${table} where sale_id = '${saleId}'`);

test('CX-22c a quote explains every line, is good for 15 minutes and stores nothing', async () => {
  const { amounts, expiresAt } = await quoteOf(basis({ insurance: somebody() }));
  assert.deepEqual(amounts, {
    total: 558_000n,
    basic: 401_760n,
    serious: 0n,
    aid: 0n,
    patient: 156_240n,
    lines: [
      {
        lineNo: 1,
        drugCode: D1.drugCode,
        quantity: WHOLE,
        unitPrice: yuan(5580),
        standard: yuan(5580),
        total: 558_000n,
        inScope: 558_000n,
        over: 0n,
        firstSelf: 55_800n,
        deductible: 0n,
        base: 502_200n,
        basic: 401_760n,
        serious: 0n,
        aid: 0n,
        patient: 156_240n,
        category: '110202',
        planVersion: 'HB-WH-EMP@1',
        listVersion: '420000@1 420000@2024-01-01',
      },
    ],
  });
  assert.equal(expiresAt?.getTime(), AT.getTime() + 900_000);
  for (const table of ['settlement', 'accumulator', 'outbox']) {
    const [row] = await database.sql.unsafe(`select count(*)::int as n from ${table}`);
    assert.equal(row?.['n'], 0, table);
  }
});

test('GX-3d a sale is settled for what was quoted, in one transaction with ledger, account, step and event', async () => {
  const asked = basis({ insurance: somebody() });
  const { quoteToken, amounts } = await quoteOf(asked);
  const saleId = randomUUID();
  const settled = answered(await client.settle({ saleId, basis: asked, quoteToken }, caller));
  assert.deepEqual(settled.amounts, amounts);
  const entries = await rowsOf('ledger_entry', saleId);
  assert.deepEqual(Object.fromEntries(entries.map((row) => [row['account'], row['amount']])), {
    FUND_BASIC: 401_760n,
    PATIENT: 156_240n,
    PHARMACY: -558_000n,
  });
  const [step] = await rowsOf('settlement_step', saleId);
  assert.deepEqual(
    [step?.['state'], step?.['actor_client_id'], step?.['actor_operator'], step?.['profile_version']],
    ['SETTLED', 'p1', 'till-1', '100000@1+420000@1'],
  );
  const [made, ...more] = await eventsOf(service, saleId);
  assert.equal(more.length, 0);
  assert.equal(made?.type, 'SettlementMade');
  assert.equal(made?.key, asked.prescriptionId);
  assert.equal(made?.headers['ce_territory'], '420106,420100');
  assert.ok(made !== undefined && 'amounts' in made.payload && 'settlementId' in made.payload);
  assert.deepEqual(made.payload.amounts, amounts);
  assert.equal(made.payload.settlementId, settled.settlementId);
  assert.deepEqual(made.payload.context?.judgement?.listVersions, [`${D1.drugCode}@1`]);
});

test('HB-37a the same settlement asked again gets the same answer, even when its quote is long over', async () => {
  const asked = basis({ insurance: somebody() });
  const request = { saleId: randomUUID(), basis: asked, quoteToken: (await quoteOf(asked)).quoteToken };
  const first = await client.settle(request, caller);
  clock.set('2025-06-07T12:00:00+08:00');
  assert.deepEqual(await client.settle(request, caller), first);
  clock.set(AT.toISOString());
  assert.equal((await eventsOf(service, request.saleId)).length, 1);
});

test('HB-37a the same settlement asked eight times at one instant takes effect once', async () => {
  const asked = basis({ insurance: somebody() });
  const request = { saleId: randomUUID(), basis: asked, quoteToken: (await quoteOf(asked)).quoteToken };
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.settle(request, caller)));
  for (const answer of answers) assert.deepEqual(answered(answer), answers[0]);
  assert.equal((await rowsOf('ledger_entry', request.saleId)).length, 3);
  assert.equal((await eventsOf(service, request.saleId)).length, 1);
});

test('GJ-7c a settled sale is not settled again with other lines', async () => {
  const asked = basis({ insurance: somebody() });
  const { saleId } = await service.sell(asked);
  const other = { ...asked, lines: [line(D1, { quantity: 2n * WHOLE })] };
  const { quoteToken } = await quoteOf(other);
  assert.deepEqual(shown(await client.settle({ saleId, basis: other, quoteToken }, caller)), ['REQUEST_INVALID']);
});

test('CX-22c SETTLE_QUOTE_STALE: forged, over, of another sale, or used by another sale', async () => {
  const asked = basis({ insurance: somebody() });
  const settle = (quoteToken: string, sold = asked) =>
    client.settle({ saleId: randomUUID(), basis: sold, quoteToken }, caller);
  const { quoteToken } = await quoteOf(asked);
  assert.deepEqual(shown(await settle('')), ['SETTLE_QUOTE_STALE UNKNOWN']);
  assert.deepEqual(shown(await settle(`${quoteToken.slice(0, 60)}0${quoteToken.slice(61)}`)), [
    'SETTLE_QUOTE_STALE UNKNOWN',
  ]);
  const foreign = basis({ insurance: somebody(), prescriptionId: randomUUID() });
  assert.deepEqual(shown(await settle(quoteToken, foreign)), ['SETTLE_QUOTE_STALE OTHER_SALE']);
  clock.set(new Date(AT.getTime() + 900_000).toISOString());
  assert.deepEqual(shown(await settle(quoteToken)), ['SETTLE_QUOTE_STALE EXPIRED']);
  clock.set(AT.toISOString());
  answered(await settle(quoteToken));
  assert.deepEqual(shown(await settle(quoteToken)), ['SETTLE_QUOTE_STALE USED']);
});

test('CX-22c one quote given for two sales at one instant settles one of them', async () => {
  const asked = basis({ insurance: somebody() });
  const { quoteToken } = await quoteOf(asked);
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => client.settle({ saleId: randomUUID(), basis: asked, quoteToken }, caller)),
  );
  const refused = outcomes.filter((outcome) => 'refused' in outcome);
  assert.equal(refused.length, 3);
  for (const outcome of refused) assert.deepEqual(shown(outcome), ['SETTLE_QUOTE_STALE USED']);
});

test('CX-22c a quote is stale when the year has less left than it was made with, and a refused one can be repeated', async () => {
  const asked = basis({ insurance: somebody({ insuranceType: '390' }) });
  const [early, late] = [await quoteOf(asked), await quoteOf(asked)];
  assert.equal(early.amounts?.lines[0]?.deductible, 100_000n);
  const settle = (quoteToken: string) => client.settle({ saleId: randomUUID(), basis: asked, quoteToken }, caller);
  answered(await settle(early.quoteToken));
  assert.deepEqual(shown(await settle(late.quoteToken)), ['SETTLE_QUOTE_STALE AMOUNTS_CHANGED']);
  const { amounts, quoteToken } = await quoteOf(asked);
  assert.equal(amounts?.lines[0]?.deductible, 0n);
  answered(await settle(quoteToken));
});

test('HB-30 a quote is stale when the payment standard changed, and the reason is told where the price is too high', async () => {
  const asked = basis({ insurance: somebody(), category: '11', prescribedCategory: '11', lines: [line(D5)] });
  const dear = { ...asked, insurance: somebody(), lines: [line(D3)] };
  const [split, blocked] = [await quoteOf(asked), await quoteOf(dear)];
  for (const [drug, unitPrice] of [
    [D5, yuan(59)],
    [D3, yuan(58)],
  ] as const) {
    const standards = [{ region: '420000', unitPrice, valid: drug.standards[0]?.valid }];
    service.reference.apply('erx.registry.v1.DrugPublished', {
      context: undefined,
      revision: 2n,
      drug: { ...drug, standards },
    });
  }
  const settle = (sold: typeof asked, quoteToken: string) =>
    client.settle({ saleId: randomUUID(), basis: sold, quoteToken }, caller);
  assert.deepEqual(shown(await settle(asked, split.quoteToken)), ['SETTLE_QUOTE_STALE AMOUNTS_CHANGED']);
  assert.deepEqual(shown(await settle(dear, blocked.quoteToken)), ['PRICE_ABOVE_PAYMENT_STANDARD']);
});

test('CX-14-2a a drug without a standard is refused NO_LISTING_PRICE', async () => {
  const unpriced = { ...D3, drugCode: 'XC09DXS255A001010199990', standards: [] };
  service.reference.apply('erx.registry.v1.DrugPublished', { context: undefined, drug: unpriced, revision: 1n });
  const category = { category: '11', prescribedCategory: '11' };
  const asked = basis({ insurance: somebody(), ...category, lines: [line(unpriced, { unitPrice: yuan(58.8) })] });
  assert.deepEqual(shown(await client.quote({ basis: asked }, caller)), ['NO_LISTING_PRICE NO_PAYMENT_STANDARD']);
});

test('HB-41a who is insured in another province is refused CROSS_PROVINCE_NOT_SUPPORTED', async () => {
  const asked = basis({ insurance: somebody({ poolingRegion: '220100' }) });
  const codes = shown(await client.quote({ basis: asked }, caller)) as string[];
  assert.ok(codes.includes('CROSS_PROVINCE_NOT_SUPPORTED'), codes.join());
});

test('HB-38b another category than the prescribed one is refused MED_CATEGORY_MISMATCH', async () => {
  const asked = basis({
    insurance: somebody(),
    category: '11',
    prescribedCategory: '110202',
    lines: [line(D5)],
  });
  assert.deepEqual(shown(await client.quote({ basis: asked }, caller)), ['MED_CATEGORY_MISMATCH']);
});

test('a refused settlement changes nothing', async () => {
  const person = somebody({ insuranceType: '390' });
  const asked = basis({ insurance: person });
  const { quoteToken } = await quoteOf(asked);
  const used = await quoteOf(asked);
  answered(await client.settle({ saleId: randomUUID(), basis: asked, quoteToken: used.quoteToken }, caller));
  const before = await database.sql`select * from accumulator where person_id = ${person.personId}`;
  const saleId = randomUUID();
  assert.deepEqual(shown(await client.settle({ saleId, basis: asked, quoteToken }, caller)), [
    'SETTLE_QUOTE_STALE AMOUNTS_CHANGED',
  ]);
  assert.deepEqual(await database.sql`select * from accumulator where person_id = ${person.personId}`, before);
  for (const table of ['settlement', 'settlement_amounts', 'settlement_line', 'ledger_entry', 'settlement_step']) {
    assert.deepEqual([...(await rowsOf(table, saleId))], [], table);
  }
  assert.deepEqual(await eventsOf(service, saleId), []);
});

test('a basis without insurance or issue time is refused, each field named', async () => {
  const bare = { ...basis(), insurance: undefined, prescribedAt: undefined };
  const refused = await client.quote({ basis: bare }, caller);
  assert.ok(isRefused(refused));
  assert.deepEqual(
    refused.refused.map(({ code, field }) => `${code} ${field}`),
    ['REQUEST_INVALID /insurance', 'REQUEST_INVALID /prescribedAt'],
  );
});

test('reference data that has not arrived is no refusal: the caller may ask again', async () => {
  const unknown = basis({ pharmacyId: 'P42010600077' });
  const asking = client.quote({ basis: unknown }, { ...caller, deadlineMs: 300 });
  await assert.rejects(asking, { name: 'UnavailableError' });
  service.reference.apply('erx.registry.v1.InstitutionPublished', {
    context: undefined,
    revision: 1n,
    institution: { ...P1, institutionId: 'P42010600077' },
  });
  answered(await client.quote({ basis: { ...unknown, hospitalId: H1.institutionId } }, caller));
});

test('HB-32b the books hold every standing sale as the ledger has it, and sum to zero', async () => {
  const books = await settlementBooks(database.sql);
  assert.equal(
    Object.values(books.ledger).reduce((sum, amount) => sum + amount, 0n),
    0n,
  );
  const total = books.sales.reduce((sum, sale) => sum + sale.total, 0n);
  assert.equal(books.ledger['PHARMACY'], -total);
  assert.ok(books.sales.length > 5 && BigInt(books.sales.length) === books.states['SETTLED']);
  for (const sale of books.sales) assert.equal(sale.total, sale.basic + sale.serious + sale.aid + sale.patient);
  assert.deepEqual([books.wrongPostings, books.wrongAccounts], [[], []]);
});

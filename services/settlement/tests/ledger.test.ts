import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { basis } from '../src/domain/basis.fixture.ts';
import { settlementBooks } from '../src/queries/books.ts';
import { somebody, startTestSettlement } from './support.ts';

const service = await startTestSettlement();
test.after(() => service[Symbol.asyncDispose]());
const { sql } = service.database;

const sale = await service.sell(basis({ insurance: somebody({ insuranceType: '390' }) }));

/** Writes past the service, as a wrong program or hand would. */
const post = (posting: string, entries: Record<string, bigint>, saleId = sale.saleId) =>
  sql.begin(async (tx) => {
    for (const [account, amount] of Object.entries(entries)) {
      await tx`insert into ledger_entry (sale_id, posting, account, amount)
        values (${saleId}, ${posting}, ${account}, ${amount.toString()})`;
    }
  });

test('HB-32b the database refuses a posting that does not sum to zero', async () => {
  await assert.rejects(post('SETTLEMENT', { FUND_AID: 1n }), { code: '23514' });
  await assert.rejects(post('REVERSAL', { PATIENT: -1n }), { code: '23514' });
});

test('HB-32b the database refuses a reversal that leaves a rest', async () => {
  await assert.rejects(post('REVERSAL', { PATIENT: -1n, PHARMACY: 1n }), { code: '23514' });
});

test('the ledger and what was settled are append-only', async () => {
  for (const table of ['ledger_entry', 'settlement_amounts', 'settlement_line', 'settlement_step']) {
    await assert.rejects(sql.unsafe(`update ${table} set sale_id = sale_id`), { code: '23001' }, table);
    await assert.rejects(sql.unsafe(`delete from ${table}`), { code: '23001' }, table);
    await assert.rejects(sql.unsafe(`truncate ${table} cascade`), { code: '23001' }, table);
  }
});

test('the books name a sale whose ledger differs from its amounts, and one whose account differs', async () => {
  assert.deepEqual((await settlementBooks(sql)).wrongPostings, []);
  const other = await service.sell(
    basis({ insurance: somebody({ insuranceType: '390' }), prescriptionId: randomUUID() }),
  );
  await post(
    'REVERSAL',
    Object.fromEntries((await entriesOf(other.saleId)).map((it) => [it.account, -it.amount])),
    other.saleId,
  );
  await sql`update accumulator set basic_used = basic_used + 1 from settlement_amounts as it
    where it.sale_id = ${sale.saleId} and accumulator.person_id = it.person_id`;
  const books = await settlementBooks(sql);
  assert.deepEqual(books.wrongPostings, [other.saleId]);
  assert.deepEqual(books.wrongAccounts, [sale.saleId]);
});

const entriesOf = (saleId: string) =>
  sql<{ account: string; amount: bigint }[]>`select account, amount from ledger_entry where sale_id = ${saleId}`;

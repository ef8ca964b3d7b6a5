import assert from 'node:assert/strict';
import test from 'node:test';
import { AT, basis, D1, D3, line } from './domain/basis.fixture.ts';
import { newQuote, openQuote, quoteProblem, sealQuote, termsProblem } from './quote-token.ts';

const key = Buffer.alloc(32, 7);
const amounts = { total: 10n, basic: 4n, serious: 0n, aid: 0n, patient: 6n, lines: [] };
const fresh = newQuote(basis(), amounts, AT);
const token = sealQuote(key, fresh);
const problem = (outcome: ReturnType<typeof quoteProblem>) => outcome?.refused[0]?.detail?.['problem'];

test('CX-22c a quote comes back from its token whole, and only by its key', () => {
  assert.deepEqual(openQuote(key, token), fresh);
  assert.equal(openQuote(Buffer.alloc(32, 8), token), undefined);
});

test('CX-22c a token with any character changed, cut or added is nothing', () => {
  for (let place = 0; place < token.length - 1; place += 1) {
    const other = token[place] === '0' ? '1' : '0';
    assert.equal(openQuote(key, token.slice(0, place) + other + token.slice(place + 1)), undefined, `at ${place}`);
  }
  for (const text of ['', 'q1', token.slice(1), token.slice(0, -1), `${token}A`, `${token}\n`]) {
    assert.equal(openQuote(key, text), undefined);
  }
});

test('CX-22c a quote is good until 15 minutes have passed', () => {
  const later = (ms: number) => new Date(AT.getTime() + ms);
  assert.equal(quoteProblem(fresh, basis(), later(900_000 - 1)), undefined);
  assert.equal(problem(quoteProblem(fresh, basis(), later(900_000))), 'EXPIRED');
});

test('CX-22c a quote is of one sale: other person, pharmacy, price, quantity or category do not fit it', () => {
  const others = [
    { prescriptionId: '00000000-0000-7000-8000-00000000000b' },
    { pharmacyId: 'P42010600009' },
    { category: '11' },
    { insurance: undefined },
    { lines: [line(D1, { quantity: 1n })] },
    { lines: [line(D1, { unitPrice: 1n })] },
    { lines: [line(D1), line(D3, { lineNo: 2 })] },
  ];
  for (const other of others) assert.equal(problem(quoteProblem(fresh, { ...basis(), ...other }, AT)), 'OTHER_SALE');
});

test('the order in which lines are named carries nothing', () => {
  const lines = [line(D1), line(D3, { lineNo: 2 })];
  const quote = newQuote(basis({ lines }), amounts, AT);
  assert.equal(quoteProblem(quote, basis({ lines: lines.toReversed() }), AT), undefined);
});

test('CX-22c amounts that differ by one fen are not what was quoted', () => {
  assert.equal(termsProblem(fresh, { ...amounts }), undefined);
  assert.equal(problem(termsProblem(fresh, { ...amounts, basic: 5n, patient: 5n })), 'AMOUNTS_CHANGED');
});

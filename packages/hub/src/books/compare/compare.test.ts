import assert from 'node:assert/strict';
import test from 'node:test';
import type { Ledgers } from '../read/ledgers.ts';
import type { SaleAnswer } from './answers.ts';
import { compare } from './compare.ts';
import { abandoned, answer, balanced, prescription, reversed, sale } from './ledgers.fixture.ts';

/** English titles of the comparisons that differ, and everything that they name. */
function found(change: (ledgers: Ledgers) => void, answers?: SaleAnswer[]): { titles: string[]; named: string } {
  const ledgers = balanced();
  change(ledgers);
  const wrong = compare(ledgers, answers).filter((row) => row.wrong.length > 0);
  return { titles: wrong.map(({ en }) => en), named: wrong.flatMap((row) => row.wrong).join('\n') };
}

const first = <T>(list: readonly T[]): T => {
  assert.ok(list[0] !== undefined);
  return list[0];
};
const [quantities, soldLines, held] = [
  'uploaded = sold + held + open + withdrawn + expired',
  'sold = lines of completed sales',
  'held only by sales in flight',
];
const [codes, chain, reserved] = [
  'one code per pack, one sale line per code',
  'sold codes = SOLD in traceability',
  'reserved only by sales in flight',
];
const [zero, answered, accounts, confirmed] = [
  'the ledger sums to zero',
  'settled = answered, sale by sale (yuan)',
  'ledger accounts = sums of the answers',
  'every settlement that stands is confirmed',
];
const tills = 'answers at the tills = sales in the books';

/** What goes wrong → which comparisons find it, and an id that they name. */
const inequalities: [what: string, (ledgers: Ledgers) => void, titles: string[], id: string][] = [
  [
    'a line never reached dispensing',
    (it) => it.dispensing.lines.splice(0),
    [quantities, soldLines],
    `${prescription}/1: 3 ≠ –`,
  ],
  ['dispensing knows a line nobody uploaded', (it) => it.issuing.uploaded.splice(0), [quantities], `${prescription}/1`],
  [
    'a pack vanished from a line',
    (it) => (first(it.dispensing.lines).open = 0n),
    [quantities],
    `${prescription}/1: 3 ≠ 2`,
  ],
  [
    'more sold on the line than by sales',
    (it) => Object.assign(first(it.dispensing.lines), { sold: 30_000n, open: 0n }),
    [soldLines],
    `${prescription}/1: 3 ≠ 2`,
  ],
  [
    'quantities held by no sale',
    (it) => Object.assign(first(it.dispensing.lines), { held: 10_000n, open: 0n }),
    [held],
    prescription,
  ],
  ['a pack without code', (it) => (first(it.dispensing.soldLines).codes = 1n), [codes], `${sale}/1: 2 ≠ 1`],
  [
    'a code in two sale lines',
    (it) => it.dispensing.soldCodes.push({ ...first(it.dispensing.soldCodes), lineNo: 2 }),
    [codes, chain],
    '81000010000000000001: in',
  ],
  [
    'a code of a sale that is not completed',
    (it) => it.dispensing.soldCodes.push({ traceCode: '81000010000000000009', saleId: abandoned, lineNo: 1 }),
    [codes, chain],
    '81000010000000000009',
  ],
  ['a sold code that traceability has in stock', (it) => it.traceability.taken.pop(), [chain], '81000010000000000002'],
  [
    'a code sold for another sale',
    (it) => (first(it.traceability.taken).saleId = abandoned),
    [chain],
    `81000010000000000001: ${sale}/1 ≠ ${abandoned}/1`,
  ],
  [
    'a code that stays reserved',
    (it) =>
      it.traceability.taken.push({
        ...first(it.traceability.taken),
        traceCode: '8',
        state: 'RESERVED',
        saleId: abandoned,
      }),
    [reserved],
    `8: RESERVED for ${abandoned}`,
  ],
  [
    'stock that is not its packages',
    (it) => it.traceability.wrongStock.push('P1 d B1 RECEIVED: 2 / 1'),
    ['stock ledger = packages, pharmacy by pharmacy'],
    'P1 d B1 RECEIVED: 2 / 1',
  ],
  [
    'a prescription whose state and quantities disagree',
    (it) => it.dispensing.wrongStates.push(prescription),
    ['states agree with quantities'],
    prescription,
  ],
  [
    'a hospital that sees another state',
    (it) => {
      it.dispensing.statuses = { WITHDRAWN: 1n };
    },
    ['states in circulation = states that hospitals see'],
    'WITHDRAWN: 1 ≠ –',
  ],
  ['a broken chain', (it) => it.traceability.brokenChains.push('81'), ['custody chains unbroken'], '81'],
  [
    'a sale in flight',
    (it) => Object.assign(first(it.dispensing.sales.slice(2)), { state: 'RELEASING' }),
    ['no sale in flight'],
    `${abandoned}: RELEASING`,
  ],
  ['a fen too much in the ledger', (it) => (it.settlement.ledger['PATIENT'] = 312_481n), [zero, accounts], 'PATIENT'],
  [
    'a fen moved from the fund to the patient',
    (it) => Object.assign(first(it.settlement.sales), { basic: 803_519n, patient: 312_481n }),
    [answered],
    sale,
  ],
  [
    'a completed sale without settlement',
    (it) => {
      it.settlement.sales.splice(0);
      it.settlement.ledger = {};
    },
    [answered, accounts],
    sale,
  ],
  [
    'a settlement that outlives its sale',
    (it) => it.settlement.sales.push({ ...first(it.settlement.sales), saleId: abandoned }),
    [answered],
    `${abandoned}: `,
  ],
  ['another settlement of the same sale', (it) => (first(it.settlement.sales).settlementId = 'x'), [answered], sale],
  [
    'an unconfirmed settlement',
    (it) => (first(it.settlement.sales).state = 'SETTLED'),
    [confirmed],
    `${sale}: SETTLED`,
  ],
  [
    'a reversed sale whose settlement stands',
    (it) => it.settlement.reversed.splice(0),
    ['reversed sales = reversed settlements'],
    reversed,
  ],
  [
    'a settlement taken back under a sale that stands',
    (it) => it.settlement.reversed.push({ saleId: sale, settlementId: 'x' }),
    ['reversed sales = reversed settlements'],
    sale,
  ],
  [
    'a reversal in flight',
    (it) => Object.assign(first(it.dispensing.sales.slice(1)), { state: 'REVERSING' }),
    ['no sale in flight'],
    `${reversed}: REVERSING`,
  ],
  ['a wrong posting', (it) => it.settlement.wrongPostings.push(sale), ['postings and accumulators true'], sale],
  ['a wrong accumulator', (it) => it.settlement.wrongAccounts.push(sale), ['postings and accumulators true'], sale],
  ['a person without key', (it) => it.verification.unreadable.push('p1'), ['everybody recognised has a key'], 'p1'],
  [
    'an event that a consumer did not get',
    (it) => {
      first(it.traffic.issuing.consumed).count = 2n;
      it.unmatched = [{ consumer: 'issuing', topic: 'erx.dispensing.prescription.v1', missing: ['e1'], foreign: [] }];
    },
    ['published = consumed by issuing'],
    'e1: not consumed',
  ],
  [
    'an event that nobody published',
    (it) => {
      first(it.traffic.dispensing.consumed).count = 4n;
      it.unmatched = [{ consumer: 'dispensing', topic: 'erx.issuing.prescription.v1', missing: [], foreign: ['e2'] }];
    },
    ['published = consumed by dispensing'],
    'e2: published by nobody',
  ],
  [
    'an event that audit lost',
    (it) => (first(it.audit.events).count = 2n),
    ['published = recorded by audit'],
    'erx.registry.profile.v1: 3 ≠ 2',
  ],
  ['a gap in the numbers', (it) => it.audit.brokenNumberings.push('420106'), ['audit numbers have no gap'], '420106'],
  ['an event without number', (it) => it.audit.unnumbered.push('e3'), ['audit numbers have no gap'], 'e3'],
  ['an event that waits', (it) => (it.traffic.settlement.waiting = 1n), ['outboxes are empty'], 'settlement: 1'],
  [
    'a parked message',
    (it) =>
      it.traffic.audit.parked.push({
        consumer: 'audit',
        topic: 't',
        partition: 1,
        offset: 7n,
        reason: 'unknown event type',
      }),
    ['nothing is parked'],
    'audit t/1/7: unknown event type',
  ],
];

test('books that agree have no inequality, with and without the answers at the tills', () => {
  assert.deepEqual(found(() => {}).titles, []);
  assert.deepEqual(found(() => {}, [answer]).titles, []);
});

for (const [what, change, titles, id] of inequalities) {
  test(`the books find ${what} and name it`, () => {
    const { titles: got, named } = found(change);
    assert.deepEqual(got, titles);
    assert.ok(named.includes(id), named);
  });
}

test('the books find answers at the tills that are not the sales in the books', () => {
  const wrong: [SaleAnswer[], string][] = [
    [[{ ...answer, patientFen: 312_479, basicFen: 803_521 }], sale],
    [[{ ...answer, traceCodes: answer.traceCodes.slice(1) }], sale],
    [[{ ...answer, saleId: abandoned }], `${abandoned}: `],
    [[answer, answer], 'answered as two sales'],
    [[{ ...answer, reversed: true }], sale],
    [[{ ...answer, saleId: reversed }], reversed],
  ];
  for (const [answers, id] of wrong) {
    const { titles, named } = found(() => {}, answers);
    assert.deepEqual(titles, [tills]);
    assert.ok(named.includes(id), named);
  }
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import fc from 'fast-check';
import { AT, D1, D3, d1, P1, P3, pack, RECEIVED_AT } from './trace-code.fixture.ts';
import { type CodeCommand, decide, evolve, moveKinds, type TraceCode, transitions } from './trace-code.ts';

const states = [
  'RECEIVED',
  'PACKED',
  'OPENED',
  'RESERVED',
  'SOLD',
  'HANDED_OVER',
  'LOST',
  'DAMAGED',
  'SUPPLIER_RETURNED',
  'QUARANTINED',
  'RECALLED',
] as const satisfies TraceCode['state'][];
const reserve = {
  type: 'Reserve',
  saleId: 'sale',
  lineNo: 1,
  holderId: P1,
  drugCode: D1,
  at: AT,
  field: '/f',
} as const;
const plain = ['Release', 'Sell', 'Clear', 'HandOver', 'Open', 'Unpack', 'Recall', 'Quarantine'] as const;
const move = { holderId: P1, toHolderId: P3, at: AT, field: '/f' };
const commands: CodeCommand[] = [
  reserve,
  ...plain.map((type) => ({ type, at: AT })),
  ...[false, true].map((leftCounter) => ({ type: 'Return', leftCounter, at: AT }) as const),
  ...moveKinds.flatMap((type) => [false, true].map((inside) => ({ type, ...move, inside }))),
];

/** The same package in every circumstance that the decision looks at; in stock, the mark of a recall cannot be. */
function shapes(state: TraceCode['state']): TraceCode[] {
  const one = pack(state);
  const sale = { saleId: 'other-sale', lineNo: 2 };
  const sold =
    state === 'QUARANTINED' || state === 'LOST'
      ? [
          { ...one, sale },
          { ...one, sale, handedOver: true },
        ]
      : [];
  const all = [one, ...sold, ...(state === 'RECEIVED' ? [{ ...one, parts: 3 }] : [])];
  const inStock = state === 'RECEIVED' || state === 'PACKED';
  return [...all, ...(inStock ? [] : all.map((code) => ({ ...code, recalledAt: RECEIVED_AT })))];
}

for (const state of states) {
  for (const type of new Set(commands.map((command) => command.type))) {
    const listed = transitions.filter((it) => it.from === state && it.command === type).map(({ to }) => to as string);
    const title = listed.length === 0 ? 'is refused' : `leads to ${listed.join(' or ')} and nowhere else`;
    test(`GJ-3a ${type} of a ${state} package ${title}`, () => {
      const reached = new Set<string>();
      for (const code of shapes(state)) {
        for (const command of commands.filter((it) => it.type === type)) {
          const decision = decide(code, command);
          if (isRefused(decision)) assert.ok(decision.refused.length > 0);
          else reached.add(decision.events.reduce(evolve, code).state);
        }
      }
      assert.deepEqual([...reached].sort(), listed.sort());
    });
  }
}

/** The first refusal of a command against P1's package. */
function refusedFor(code: TraceCode, command: CodeCommand): string | undefined {
  const decision = decide(code, command);
  return isRefused(decision) ? decision.refused[0]?.code : undefined;
}

test('CX-14-3d a booking of what is sold, blocked or gone names the reason, and of a foreign package nothing more', () => {
  const transfer = { type: 'TRANSFER', ...move, inside: false } as const;
  assert.equal(refusedFor(pack('SOLD'), transfer), 'TRACE_CODE_DUPLICATE');
  assert.equal(refusedFor(pack('RESERVED'), { ...transfer, type: 'LOSS' }), 'TRACE_CODE_DUPLICATE');
  assert.equal(refusedFor(pack('RECALLED'), transfer), 'TRACE_CODE_RECALLED');
  assert.equal(refusedFor(pack('QUARANTINED'), transfer), 'TRACE_CODE_RECALLED');
  assert.equal(refusedFor(pack('LOST'), transfer), 'INVALID_STATE_TRANSITION');
  assert.equal(refusedFor(pack('PACKED'), transfer), 'INVALID_STATE_TRANSITION');
  assert.equal(refusedFor(pack('SOLD'), { ...transfer, type: 'QUALITY_RETURN' }), 'INVALID_STATE_TRANSITION');
  const foreign = decide(pack('RECALLED', d1(1), P3), transfer);
  assert.ok(isRefused(foreign));
  assert.deepEqual(foreign.refused, [{ code: 'TRACE_CODE_NOT_HELD', detail: { traceCode: d1(1) }, field: '/f' }]);
});

test('GJ-3a a package quarantined in a sale that is still open is not booked away from under it', () => {
  const open = { ...pack('QUARANTINED'), sale: { saleId: 'sale', lineNo: 1 } };
  for (const type of ['DAMAGE', 'LOSS', 'SUPPLIER_RETURN'] as const) {
    assert.equal(refusedFor(open, { type, ...move, inside: false }), 'INVALID_STATE_TRANSITION');
    assert.equal(refusedFor({ ...open, handedOver: true }, { type, ...move, inside: false }), undefined);
  }
});

test('CX-14-3c a reserved package belongs to its sale line, a sold one stays there, a freed one to none', () => {
  const reserved = evolve(pack('RECEIVED'), { type: 'Reserved', saleId: 'sale', lineNo: 3, at: AT });
  const sale = { saleId: 'sale', lineNo: 3 };
  assert.deepEqual(reserved, { ...pack('RECEIVED'), state: 'RESERVED', sale, since: AT });
  assert.deepEqual(evolve(reserved, { type: 'Sold', at: AT }), { ...reserved, state: 'SOLD' });
  const freed = evolve(reserved, { type: 'Freed', state: 'RECEIVED', at: AT });
  assert.deepEqual(freed, { ...pack('RECEIVED'), since: AT });
});

test('CX-14-3d a recalled package that a sale held never goes back to stock', () => {
  for (const state of ['RESERVED', 'SOLD', 'QUARANTINED'] as const) {
    const sale = { saleId: 'sale', lineNo: 1 };
    const code = { ...pack(state), sale, recalledAt: RECEIVED_AT };
    for (const leftCounter of [false, true]) {
      const decision = decide(code, { type: 'Return', leftCounter, at: AT });
      assert.ok(!isRefused(decision));
      assert.equal(decision.events.reduce(evolve, code).state, 'RECALLED');
    }
  }
});

test('AS-07 a sold package scanned at another pharmacy is a duplicate and not held, and tells nothing of the sale', () => {
  const decision = decide(pack('SOLD'), { ...reserve, holderId: P3 });
  assert.ok(isRefused(decision));
  assert.deepEqual(decision.refused, [
    {
      code: 'TRACE_CODE_DUPLICATE',
      detail: { traceCode: d1(1), state: 'SOLD', since: '2025-06-01T08:00:00+08:00' },
      field: '/f',
    },
    { code: 'TRACE_CODE_NOT_HELD', detail: { traceCode: d1(1) }, field: '/f' },
  ]);
});

test('GX-1-2-5f every reason against a package comes at once', () => {
  const decision = decide(pack('RECALLED', d1(1), P3), { ...reserve, drugCode: D3 });
  assert.ok(isRefused(decision));
  assert.deepEqual(
    decision.refused.map(({ code }) => code),
    ['TRACE_CODE_RECALLED', 'TRACE_CODE_NOT_HELD', 'TRACE_CODE_PRODUCT_MISMATCH'],
  );
  assert.equal(decision.refused[0]?.detail?.['batchNo'], 'B-2025-01');
});

test('CX-29b whatever is tried, a handed-over package never gets back to stock, a recalled one is never reserved', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...commands), { maxLength: 25 }), (list) => {
      let code = pack('RECEIVED');
      let gone = false;
      for (const command of list) {
        const decision = decide(code, command);
        if (isRefused(decision)) continue;
        if (command.type === 'Reserve') assert.equal(code.recalledAt, undefined);
        code = decision.events.reduce(evolve, code);
        gone ||= code.handedOver;
        if (gone) assert.ok(code.handedOver && code.sale !== undefined);
        if (gone) assert.ok(!['RECEIVED', 'RESERVED', 'SOLD', 'PACKED'].includes(code.state), code.state);
        if (code.state === 'RESERVED' || code.state === 'SOLD') assert.ok(code.sale !== undefined);
        if (code.state === 'RECEIVED') assert.ok(code.sale === undefined && code.recalledAt === undefined);
      }
    }),
    { seed: 20250611, numRuns: 500 },
  );
});

test('a sale that cannot have happened is a bug', () => {
  for (const state of states.filter((it) => it !== 'RESERVED')) {
    assert.throws(() => evolve(pack(state), { type: 'Sold', at: AT }));
  }
  assert.throws(() => evolve(pack('RECEIVED'), { type: 'HandedOver', at: AT }));
});

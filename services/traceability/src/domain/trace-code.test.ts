import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import fc from 'fast-check';
import { AT, D1, D3, d1, P1, P3, pack, RECEIVED_AT } from './trace-code.fixture.ts';
import { type CodeCommand, decide, evolve, type TraceCode, transitions } from './trace-code.ts';

const states = ['RECEIVED', 'RESERVED', 'SOLD', 'QUARANTINED', 'RECALLED'] as const satisfies TraceCode['state'][];
const reserve = {
  type: 'Reserve',
  saleId: 'sale',
  lineNo: 1,
  holderId: P1,
  drugCode: D1,
  at: AT,
  field: '/f',
} as const;
const commands: CodeCommand[] = [reserve, { type: 'Release', at: AT }, { type: 'Sell', at: AT }];

/** Outcome of Reserve, Release, Sell in each state: the next state, or the refusal. */
const expected: Record<TraceCode['state'], [string, string, string]> = {
  RECEIVED: ['RESERVED', 'INVALID_STATE_TRANSITION', 'INVALID_STATE_TRANSITION'],
  RESERVED: ['TRACE_CODE_DUPLICATE', 'RECEIVED', 'SOLD'],
  SOLD: ['TRACE_CODE_DUPLICATE', 'INVALID_STATE_TRANSITION', 'INVALID_STATE_TRANSITION'],
  QUARANTINED: ['TRACE_CODE_RECALLED', 'INVALID_STATE_TRANSITION', 'INVALID_STATE_TRANSITION'],
  RECALLED: ['TRACE_CODE_RECALLED', 'INVALID_STATE_TRANSITION', 'INVALID_STATE_TRANSITION'],
};

for (const state of states) {
  for (const [index, command] of commands.entries()) {
    const outcome = expected[state][index] ?? '';
    test(`GJ-3a ${command.type} of a ${state} package: ${outcome}`, () => {
      const code = pack(state);
      const decision = decide(code, command);
      const listed = transitions.find((it) => it.from === state && it.command === command.type);
      if (isRefused(decision)) {
        assert.deepEqual(
          decision.refused.map((it) => it.code),
          [outcome],
        );
        assert.equal(listed, undefined);
        return;
      }
      const next = decision.events.reduce(evolve, code);
      assert.equal(next.state, outcome);
      assert.equal(listed?.to, outcome);
      assert.equal(next.since, AT);
      assert.equal(next.holderId, code.holderId);
    });
  }
}

test('CX-14-3c a reserved package belongs to its sale line, a sold one stays there, a released one to none', () => {
  const reserved = evolve(pack('RECEIVED'), { type: 'Reserved', saleId: 'sale', lineNo: 3, at: AT });
  assert.deepEqual(reserved, { ...pack('RECEIVED'), state: 'RESERVED', saleId: 'sale', lineNo: 3, since: AT });
  assert.deepEqual(evolve(reserved, { type: 'Sold', at: AT }), { ...reserved, state: 'SOLD' });
  assert.deepEqual(evolve(reserved, { type: 'Released', at: AT }), { ...pack('RECEIVED'), since: AT });
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

test('CX-29b whatever is tried, a package is sold at most once, and never after that in another state', () => {
  const sales = ['a', 'b'].map((saleId) => ({ ...reserve, saleId }));
  const any = fc.array(fc.constantFrom(...sales, ...commands.slice(1)), { maxLength: 15 });
  fc.assert(
    fc.property(any, (list) => {
      let code = pack('RECEIVED');
      let owner: string | undefined;
      let sold = 0;
      for (const command of list) {
        const decision = decide(code, command);
        if (isRefused(decision)) continue;
        assert.notEqual(code.state, 'SOLD');
        if (command.type === 'Reserve') owner = command.saleId;
        code = decision.events.reduce(evolve, code);
        if (code.state === 'SOLD') sold += 1;
        if ('saleId' in code) assert.equal(code.saleId, owner);
      }
      assert.ok(sold <= 1);
      assert.equal(code.holderId, P1);
      assert.ok(code.since >= RECEIVED_AT);
    }),
    { seed: 20250611 },
  );
});

test('a sale that cannot have happened is a bug', () => {
  for (const state of states.filter((it) => it !== 'RESERVED')) {
    assert.throws(() => evolve(pack(state), { type: 'Sold', at: AT }));
  }
});

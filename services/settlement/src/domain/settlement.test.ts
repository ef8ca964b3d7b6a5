import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import fc from 'fast-check';
import { decide, evolve, type Settlement, type SettlementCommand, transitions } from './settlement.ts';

const states: Settlement[] = [
  { state: 'NONE' },
  { state: 'NEVER_SETTLED' },
  { state: 'SETTLED', content: 'aa' },
  { state: 'CONFIRMED', content: 'aa' },
  { state: 'REVERSED', content: 'aa' },
];
const commands: SettlementCommand[] = [{ type: 'Settle', content: 'aa' }, { type: 'Confirm' }, { type: 'Reverse' }];

/** What has to happen to each state (rows) by Settle, Confirm, Reverse; `-` is a refusal. */
const expected: Record<Settlement['state'], [string, string, string]> = {
  NONE: ['SETTLED', '-', 'NEVER_SETTLED'],
  NEVER_SETTLED: ['-', '-', 'NEVER_SETTLED'],
  SETTLED: ['SETTLED', 'CONFIRMED', 'REVERSED'],
  CONFIRMED: ['CONFIRMED', 'CONFIRMED', 'REVERSED'],
  REVERSED: ['-', 'REVERSED', 'REVERSED'],
};

for (const settlement of states) {
  for (const [index, command] of commands.entries()) {
    const to = expected[settlement.state][index];
    test(`HB-37a ${command.type} in ${settlement.state} ${to === '-' ? 'is refused' : `leads to ${to}`}`, () => {
      const decision = decide(settlement, command);
      if (to === '-') {
        assert.ok(isRefused(decision));
        assert.deepEqual(decision.refused, [
          { code: 'INVALID_STATE_TRANSITION', detail: { state: settlement.state, command: command.type } },
        ]);
        return;
      }
      assert.ok(!isRefused(decision));
      assert.equal(decision.events.reduce(evolve, settlement).state, to);
      assert.equal(decision.events.length, settlement.state === to ? 0 : 1);
      const listed = transitions.filter((it) => it.from === settlement.state && it.command === command.type);
      assert.deepEqual(
        listed.map((it) => it.to),
        [to],
      );
    });
  }
}

test('GJ-7c a sale that is settled cannot be settled again with other content', () => {
  for (const settlement of states.filter(({ state }) => state === 'SETTLED' || state === 'CONFIRMED')) {
    const decision = decide(settlement, { type: 'Settle', content: 'bb' });
    assert.ok(isRefused(decision));
    assert.equal(decision.refused[0]?.code, 'REQUEST_INVALID');
  }
});

test('HB-37a whatever is tried, a sale is settled at most once, and never after it was reversed', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...commands), { maxLength: 12 }), (list) => {
      let settlement: Settlement = { state: 'NONE' };
      const happened: string[] = [];
      for (const command of list) {
        const decision = decide(settlement, command);
        if (isRefused(decision)) continue;
        happened.push(...decision.events.map(({ type }) => type));
        settlement = decision.events.reduce(evolve, settlement);
      }
      const full = ['Settled', 'Confirmed', 'Reversed'];
      const ways = [[], ['Forbidden'], ['Settled'], ['Settled', 'Confirmed'], ['Settled', 'Reversed'], full];
      assert.ok(
        ways.some((way) => way.join() === happened.join()),
        happened.join(),
      );
    }),
    { seed: 20250610 },
  );
});

test('an event that cannot have happened is a bug', () => {
  for (const type of ['Confirmed', 'Reversed'] as const) {
    const possible = type === 'Confirmed' ? ['SETTLED'] : ['SETTLED', 'CONFIRMED'];
    for (const settlement of states.filter(({ state }) => !possible.includes(state))) {
      assert.throws(() => evolve(settlement, { type }));
    }
  }
});

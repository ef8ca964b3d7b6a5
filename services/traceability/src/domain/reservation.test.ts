import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import fc from 'fast-check';
import { decide, evolve, type Reservation, type ReservationCommand, transitions } from './reservation.ts';

const states: Reservation[] = [
  { state: 'NONE' },
  { state: 'RESERVED', content: 'aa' },
  { state: 'RELEASED' },
  { state: 'SOLD', content: 'aa' },
  { state: 'HANDED_OVER', content: 'aa' },
  { state: 'RETURNED', content: 'aa' },
];
const commands: ReservationCommand[] = [
  { type: 'Reserve', content: 'aa' },
  { type: 'Release' },
  { type: 'Sell' },
  { type: 'HandOver' },
  { type: 'Return' },
];

/** Where Reserve, Release, Sell, HandOver, Return lead from each state; `-` is a refusal. */
const expected: Record<Reservation['state'], [string, string, string, string, string]> = {
  NONE: ['RESERVED', 'RELEASED', '-', '-', '-'],
  RESERVED: ['RESERVED', 'RELEASED', 'SOLD', '-', 'RETURNED'],
  RELEASED: ['-', 'RELEASED', '-', '-', '-'],
  SOLD: ['SOLD', '-', 'SOLD', 'HANDED_OVER', 'RETURNED'],
  HANDED_OVER: ['HANDED_OVER', '-', 'HANDED_OVER', 'HANDED_OVER', '-'],
  RETURNED: ['-', '-', 'RETURNED', '-', 'RETURNED'],
};

for (const reservation of states) {
  for (const [index, command] of commands.entries()) {
    const to = expected[reservation.state][index];
    test(`CX-14-3c ${command.type} in ${reservation.state} ${to === '-' ? 'is refused' : `leads to ${to}`}`, () => {
      const decision = decide(reservation, command);
      const listed = transitions.filter((it) => it.from === reservation.state && it.command === command.type);
      if (to === '-') {
        assert.ok(isRefused(decision));
        const detail = { state: reservation.state, command: command.type };
        assert.deepEqual(decision.refused, [{ code: 'INVALID_STATE_TRANSITION', detail }]);
        assert.equal(listed.length, 0);
        return;
      }
      assert.ok(!isRefused(decision));
      assert.equal(decision.events.reduce(evolve, reservation).state, to);
      assert.equal(decision.events.length, reservation.state === to ? 0 : 1);
      assert.deepEqual(
        listed.map((it) => it.to),
        [to],
      );
    });
  }
}

test('a sale that comes again with other packages is refused', () => {
  for (const reservation of states.filter((it) => 'content' in it && it.state !== 'RETURNED')) {
    const decision = decide(reservation, { type: 'Reserve', content: 'bb' });
    assert.ok(isRefused(decision));
    assert.deepEqual(decision.refused[0], {
      code: 'REQUEST_INVALID',
      field: '/saleId',
      detail: { state: reservation.state },
    });
  }
});

test('CX-29b whatever is tried, a sale holds its packages at most once and sells them at most once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...commands), { maxLength: 12 }), (list) => {
      let reservation: Reservation = { state: 'NONE' };
      const happened: string[] = [];
      for (const command of list) {
        const decision = decide(reservation, command);
        if (isRefused(decision)) continue;
        happened.push(...decision.events.map(({ type }) => type));
        reservation = decision.events.reduce(evolve, reservation);
      }
      const ways = [
        [],
        ['Released'],
        ['Reserved'],
        ['Reserved', 'Released'],
        ['Reserved', 'Returned'],
        ['Reserved', 'Sold'],
        ['Reserved', 'Sold', 'Returned'],
        ['Reserved', 'Sold', 'HandedOver'],
      ];
      assert.ok(
        ways.some((way) => way.join() === happened.join()),
        happened.join(),
      );
    }),
    { seed: 20250612 },
  );
});

test('a sale of what was never reserved is a bug', () => {
  for (const reservation of states.filter((it) => !('content' in it))) {
    for (const type of ['Sold', 'HandedOver', 'Returned'] as const) assert.throws(() => evolve(reservation, { type }));
  }
});

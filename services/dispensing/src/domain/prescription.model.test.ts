import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import fc from 'fast-check';
import { decide } from './decide-prescription.ts';
import { evolve } from './evolve-prescription.ts';
import { commandOf, commandTypes, FACTS, later, line, P1, P3, saleLine } from './prescription.fixture.ts';
import type { Command, Prescription } from './prescription.ts';

const sale = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.bigInt({ min: 1n, max: 3n })), { maxLength: 3 });

/** Anything that two pharmacies may ask, at times that go on; sale ids that can collide. */
const command: fc.Arbitrary<Command> = fc
  .record({
    type: fc.constantFrom(...commandTypes, 'BeginSale', 'CommitSale', 'HandOver'),
    pharmacyId: fc.constantFrom(P1, P1, P3),
    hours: fc.integer({ min: 0, max: 80 }),
    saleId: fc.constantFrom('a', 'b', 'c'),
    lines: sale,
  })
  .map(({ type, pharmacyId, hours, saleId, lines }) => {
    const asked = lines.map(([lineNo, packs]) => saleLine(lineNo, packs));
    return { ...commandOf(type as Command['type']), pharmacyId, at: later(hours), saleId, lines: asked } as Command;
  });

function start(): Prescription {
  const lines = [line(1, 3n), line(2, 1n)];
  return { status: 'CIRCULATING', validUntil: later(72), lines, awaitingHandOver: [] };
}

test('GX-3b whatever is asked in whatever order, every pack stands in exactly one column and is sold at most once', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      let state = start();
      let sold = 0n;
      for (const each of commands) {
        const before = structuredClone(state);
        const decision = decide(state, each, FACTS);
        // Deciding changes nothing.
        assert.deepEqual(state, before);
        if (isRefused(decision)) continue;
        const held = state.lines.reduce((sum, { held }) => sum + held, 0n);
        state = decision.events.reduce<Prescription>(evolve, state);
        if (each.type === 'CommitSale') sold += held;
        check(state, sold);
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});

function check(state: Prescription, sold: bigint): void {
  const sum = (part: 'held' | 'sold' | 'open') => state.lines.reduce((all, each) => all + each[part], 0n);
  for (const each of state.lines) {
    assert.equal(each.open + each.held + each.sold + each.withdrawn + each.expired, each.prescribed);
    assert.ok(each.open >= 0n && each.held >= 0n && each.sold >= 0n);
  }
  assert.equal(sum('sold'), sold);
  assert.equal(state.status === 'SELLING', sum('held') > 0n);
  assert.equal(state.status === 'SETTLED' || state.status === 'HANDED_OVER', sum('open') + sum('held') === 0n);
  if (state.status === 'HANDED_OVER') assert.deepEqual(state.awaitingHandOver, []);
}

test('SM-4 of two pharmacies that ask at one instant exactly one gets the lock', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 0, max: 71 }), (firstIsP1, hours) => {
      const order = firstIsP1 ? [P1, P3] : [P3, P1];
      let state = start();
      const outcomes = order.map((pharmacyId) => {
        const decision = decide(state, commandOf('Lock', { pharmacyId, at: later(hours) }), FACTS);
        if (isRefused(decision)) return decision.refused.map(({ code }) => code);
        state = decision.events.reduce<Prescription>(evolve, state);
        return 'LOCKED';
      });
      // The lock of the fixture's command ends 24 hours after its start: later it is over before the second asks.
      if (hours < 24) assert.deepEqual(outcomes, ['LOCKED', ['PRESCRIPTION_LOCKED_BY_OTHER']]);
    }),
    { seed: 5 },
  );
});

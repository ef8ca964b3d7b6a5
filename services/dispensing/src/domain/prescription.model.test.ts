import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import fc from 'fast-check';
import { decide } from './decide-prescription.ts';
import { evolve } from './evolve-prescription.ts';
import { circulating, commandOf, commandTypes, FACTS, later, line, P1, P3, saleLine } from './prescription.fixture.ts';
import type { Command, Event, Prescription } from './prescription.ts';

const sale = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.bigInt({ min: 1n, max: 3n })), { maxLength: 3 });

const likely = ['Lock', 'ViewHistory', 'Approve', 'BeginSale', 'BeginSale', 'CommitSale', 'HandOver'] as const;

/** Anything that two pharmacies, a hospital, registry and the clock may ask, at times that go on; ids can collide. */
const step = fc.record({
  type: fc.constantFrom(...commandTypes, ...likely, ...likely, 'BeginReversal', 'CompleteReversal'),
  pharmacyId: fc.constantFrom(P1, P1, P3),
  minutes: fc.nat({ max: 240 }),
  saleId: fc.constantFrom('a', 'b', 'c'),
  lines: sale,
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What dispensing would ask: a sale is committed and taken back as it was begun. */
function commandOfStep({ type, pharmacyId, saleId, lines }: Step, at: Date, sales: Map<string, SaleLine[]>): Command {
  const asked = lines.map(([lineNo, packs]) => saleLine(lineNo, packs));
  const known = type === 'CompleteReversal' ? (sales.get(saleId) ?? []) : asked;
  const until = new Date(at.getTime() + 24 * 3_600_000);
  const change = { pharmacyId, at, saleId, lines: known, until };
  return { ...commandOf(type), ...(change as Partial<Command>) } as Command;
}

test('GX-3b whatever is asked in whatever order, every pack stands in exactly one column and is sold at most once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let state = circulating([line(1, 3n), line(2, 1n)]);
      let at = later(0);
      const inFlight = new Map<string, SaleLine[]>();
      const sold = new Map<string, SaleLine[]>();
      for (const each of steps) {
        at = new Date(at.getTime() + each.minutes * 60_000);
        const command = commandOfStep(each, at, sold);
        // A sale id is used once.
        if (command.type === 'BeginSale' && (inFlight.has(command.saleId) || sold.has(command.saleId))) continue;
        const before = structuredClone(state);
        const decision = decide(state, command, FACTS);
        // Deciding changes nothing.
        assert.deepEqual(state, before);
        if (isRefused(decision)) continue;
        state = decision.events.reduce<Prescription>(evolve, state);
        follow(decision.events, inFlight, sold);
        check(state, at, sold);
        checkStep(before, state, decision.events);
      }
    }),
    { seed: 4, numRuns: 1_500 },
  );
});

/** Keeps what a sale took, beside the state, by the events alone. */
function follow(events: readonly Event[], inFlight: Map<string, SaleLine[]>, sold: Map<string, SaleLine[]>): void {
  for (const event of events) {
    if (event.type === 'SaleStarted') inFlight.set(event.saleId, [...event.lines]);
    if (event.type === 'SaleAbandoned') inFlight.delete(event.saleId);
    if (event.type === 'SaleReversed') sold.set(event.saleId, []);
    if (event.type === 'SaleCompleted') {
      sold.set(event.saleId, inFlight.get(event.saleId) ?? []);
      inFlight.delete(event.saleId);
    }
  }
}

function check(state: Prescription, at: Date, sales: ReadonlyMap<string, SaleLine[]>): void {
  const sum = (part: 'held' | 'sold' | 'open' | 'withdrawn' | 'expired') =>
    state.lines.reduce((all, each) => all + each[part], 0n);
  for (const each of state.lines) {
    assert.equal(each.open + each.held + each.sold + each.withdrawn + each.expired, each.prescribed);
    assert.ok([each.open, each.held, each.sold, each.withdrawn, each.expired].every((part) => part >= 0n));
  }
  assert.equal(
    sum('sold'),
    [...sales.values()].flat().reduce((all, { quantity }) => all + quantity, 0n),
  );
  assert.equal(state.status === 'SELLING', sum('held') > 0n);
  assert.equal(state.status === 'WITHDRAWN', sum('withdrawn') > 0n);
  assert.equal(state.status === 'EXPIRED', sum('expired') > 0n);
  if (state.status !== 'SELLING') assert.equal(isOpen(state), sum('open') > 0n);
  assert.equal(state.awaitingHandOver.filter((saleId) => state.reversing.includes(saleId)).length, 0);
  if (state.status === 'HANDED_OVER') assert.deepEqual([state.awaitingHandOver, state.reversing], [[], []]);
  if (state.status === 'WITHDRAWN') assert.ok(state.withdrawal);
  if (state.status === 'ON_HOLD') assert.ok(state.hold);
  // What was asked for is not forgotten: it is carried out, or waits for something that may still end.
  if (state.withdrawal) assert.match(state.status, /^(WITHDRAWN|SELLING|SETTLED|HANDED_OVER)$/);
  if (state.hold) assert.match(state.status, /^(ON_HOLD|SELLING|SETTLED|HANDED_OVER|WITHDRAWN|EXPIRED)$/);
  // Nobody can begin anything after the end.
  if (at >= state.validUntil) assert.ok(isRefused(decide(state, commandOf('Lock', { at }), FACTS)));
}

function isOpen({ status }: Prescription): boolean {
  return ['CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'ON_HOLD'].includes(status);
}

/** SM-4: in the middle of a sale nothing is withdrawn, expires, is held or released. */
function checkStep(before: Prescription, after: Prescription, events: readonly Event[]): void {
  if (before.status !== 'SELLING') return;
  const ends = events.some(({ type }) => type === 'SaleCompleted' || type === 'SaleAbandoned');
  if (ends) return;
  assert.equal(after.status, 'SELLING');
  for (const { type } of events) assert.doesNotMatch(type, /Withdrawn|Expired|Held|Released/);
}

test('SM-4 of two pharmacies that ask at one instant exactly one gets the lock', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 0, max: 71 }), (firstIsP1, hours) => {
      const order = firstIsP1 ? [P1, P3] : [P3, P1];
      let state = circulating([line(1, 3n), line(2, 1n)]);
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

import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import type { SaleLine } from '@erx/proto/dispensing/v1/dispensing_events';
import fc from 'fast-check';
import { decide } from './decide-prescription.ts';
import { evolve } from './evolve-prescription.ts';
import {
  circulating,
  commandTypes,
  FACTS,
  commandOf as fixtureCommand,
  later,
  line,
  P1,
  P3,
  saleLine,
} from './prescription.fixture.ts';
import type { Command, Event, Prescription } from './prescription.ts';

/** Anything that two pharmacies, a hospital, registry and the clock may ask, right or wrong, at times that go on. */
const step = fc.record({
  /** Below 70: what would be asked next if all went well; otherwise `type`. */
  dice: fc.nat({ max: 99 }),
  type: fc.constantFrom(...commandTypes),
  pharmacyId: fc.constantFrom(P1, P3),
  minutes: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 60 }) }, fc.nat({ max: 3_000 })),
  /** Of sales so far, or of none. */
  which: fc.nat({ max: 4 }),
  lines: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.bigInt({ min: 1n, max: 3n })), { maxLength: 3 }),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a sale took, by the events alone. */
type Sales = { inFlight: Map<string, SaleLine[]>; sold: Map<string, SaleLine[]> };

function likelyNext(state: Prescription, { dice }: Step): Command['type'] {
  if (state.reversing.length > 0 && dice % 2 === 0) return 'CompleteReversal';
  if (state.awaitingHandOver.length > 0 && dice % 4 === 1) return dice % 8 === 1 ? 'HandOver' : 'BeginReversal';
  switch (state.status) {
    case 'CIRCULATING':
      return 'Lock';
    case 'LOCKED':
      return state.lock.historyViewed ? 'Approve' : 'ViewHistory';
    case 'PHARMACIST_APPROVED':
      return 'BeginSale';
    case 'SELLING':
      return dice % 5 === 0 ? 'AbandonSale' : 'CommitSale';
    case 'ON_HOLD':
      return 'Resume';
    default:
      return state.reversing.length > 0 ? 'CompleteReversal' : 'BeginReversal';
  }
}

function commandOf(state: Prescription, asked: Step, at: Date, sales: Sales): Command {
  const isLikely = asked.dice < 70;
  const type = isLikely ? likelyNext(state, asked) : asked.type;
  const pharmacyId = isLikely && 'lock' in state ? state.lock.pharmacyId : asked.pharmacyId;
  const saleId = saleFor(type, state, asked, sales);
  const change = { pharmacyId, at, saleId, lines: linesFor(type, state, asked, sales.sold.get(saleId)) };
  const until = new Date(at.getTime() + 24 * 3_600_000);
  return { ...fixtureCommand(type), ...change, until } as Command;
}

function saleFor(type: Command['type'], state: Prescription, { dice, which }: Step, { inFlight, sold }: Sales): string {
  const known = [...sold.keys(), ...inFlight.keys()];
  if (type === 'BeginSale') return `s${known.length}`;
  const [likely] = type === 'CompleteReversal' ? state.reversing : state.awaitingHandOver;
  const own = state.status === 'SELLING' && /CommitSale|AbandonSale/.test(type) ? state.saleId : likely;
  return (dice < 70 ? own : known[which]) ?? 'none';
}

function linesFor(
  type: Command['type'],
  state: Prescription,
  { dice, lines }: Step,
  sold: SaleLine[] = [],
): SaleLine[] {
  if (type === 'CompleteReversal') return sold;
  const [open] = state.lines.filter((each) => each.open > 0n);
  if (dice < 70 && open) return [saleLine(open.lineNo, 1n)];
  return lines.map(([lineNo, packs]) => saleLine(lineNo, packs));
}

test('GX-3b whatever is asked in whatever order, every pack stands in exactly one column and is sold at most once', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 100 }), (steps) => {
      let state = circulating([line(1, 3n), line(2, 1n)]);
      let at = later(0);
      const sales: Sales = { inFlight: new Map(), sold: new Map() };
      for (const each of steps) {
        at = new Date(at.getTime() + each.minutes * 60_000);
        const command = commandOf(state, each, at, sales);
        const before = structuredClone(state);
        const decision = decide(state, command, FACTS);
        // Deciding changes nothing.
        assert.deepEqual(state, before);
        if (isRefused(decision)) continue;
        state = decision.events.reduce<Prescription>(evolve, state);
        follow(decision.events, sales);
        check(state, at, sales.sold);
        checkStep(before, state, decision.events);
        for (const { type } of decision.events) reached.add(`${before.status} ${type}`);
      }
    }),
    { seed: 4, numRuns: 1_500 },
  );
  // The test is worth something only if it comes to the places that matter.
  for (const place of [
    'SELLING SaleCompleted',
    'SELLING SaleAbandoned',
    'SELLING WithdrawalRequested',
    'SELLING HoldRequested',
    'SELLING PrescriptionWithdrawn',
    'SELLING PrescriptionExpired',
    'SELLING PrescriptionHeld',
    'SELLING SaleReversed',
    'SETTLED SaleReversed',
    'SETTLED PrescriptionWithdrawn',
    'SETTLED PrescriptionExpired',
    'SETTLED PrescriptionHeld',
    'WITHDRAWN SaleReversed',
    'EXPIRED SaleReversed',
    'ON_HOLD SaleReversed',
    'ON_HOLD PrescriptionResumed',
    'SETTLED HandedOver',
    'LOCKED PrescriptionExpired',
  ]) {
    assert.ok(reached.has(place), place);
  }
});

function follow(events: readonly Event[], { inFlight, sold }: Sales): void {
  for (const event of events) {
    if (event.type === 'SaleStarted') inFlight.set(event.saleId, [...event.lines]);
    if (event.type === 'SaleReversed') sold.set(event.saleId, []);
    if (event.type === 'SaleCompleted') sold.set(event.saleId, inFlight.get(event.saleId) ?? []);
    // Its id is never used again.
    if (event.type === 'SaleAbandoned') sold.set(event.saleId, []);
    if (event.type === 'SaleCompleted' || event.type === 'SaleAbandoned') inFlight.delete(event.saleId);
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
  if (at >= state.validUntil) assert.ok(isRefused(decide(state, fixtureCommand('Lock', { at }), FACTS)));
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
        const decision = decide(state, fixtureCommand('Lock', { pharmacyId, at: later(hours) }), FACTS);
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

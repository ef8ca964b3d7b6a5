import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefused } from '@erx/errors';
import { decide } from './decide-prescription.ts';
import { evolve } from './evolve-prescription.ts';
import {
  AT,
  commandOf,
  commandTypes,
  FACTS,
  inState,
  later,
  lock,
  P3,
  saleLine,
  statuses,
} from './prescription.fixture.ts';
import type { Command, Event, Prescription } from './prescription.ts';
import { prescriptionTransitions } from './prescription-transitions.ts';
import { holdsLock, shownStatus } from './shown-status.ts';

/** Codes of the refusal, or the state afterwards. */
function asked(state: Prescription, command: Command, facts = FACTS): string {
  const decision = decide(state, command, facts);
  if (isRefused(decision)) return decision.refused.map(({ code }) => code).join('+');
  return decision.events.reduce<Prescription>(evolve, state).status;
}

/** What a reversal needs to be finished, and a withdrawal to wait for where everything is sold: one under way. */
function readyFor(type: Command['type'], state: Prescription): Prescription {
  if (type !== 'CompleteReversal' && !(type === 'Withdraw' && state.status === 'SETTLED')) return state;
  if (state.status === 'HANDED_OVER') return state;
  const [first, ...rest] = state.lines;
  assert.ok(first);
  const moved =
    first.sold > 0n || first.held > 0n ? first : { ...first, prescribed: first.prescribed + 10_000n, sold: 10_000n };
  return { ...state, lines: [moved, ...rest], awaitingHandOver: [], reversing: ['sale-0'] };
}

function eventsOf(state: Prescription, command: Command): Event[] {
  const decision = decide(state, command, FACTS);
  assert.ok(!isRefused(decision));
  return decision.events;
}

describe('SM-4 the table of transitions', () => {
  for (const status of statuses) {
    for (const type of commandTypes) {
      const targets: string[] = prescriptionTransitions
        .filter(({ from, command }) => from === status && command === type)
        .map(({ to }) => to);
      test(`SM-4 ${type} in ${status} leads to ${targets.join(' or ') || 'a refusal'}`, () => {
        const outcome = asked(readyFor(type, inState(status)), commandOf(type));
        if (targets.length > 0) assert.ok(targets.includes(outcome), outcome);
        else assert.match(outcome, /^(INVALID_STATE_TRANSITION|PHARMACIST_REVIEW_MISSING|PRESCRIPTION_[A-Z_]+)$/);
      });
    }
  }

  test('SM-4 no event of another state is believed', () => {
    const started: Event = { type: 'SaleStarted', saleId: 's', pharmacyId: 'p', lines: [] };
    for (const status of ['CIRCULATING', 'LOCKED', 'SELLING', 'SETTLED'] as const) {
      assert.throws(() => evolve(inState(status), started));
    }
  });
});

describe('the lock', () => {
  test('GJ-6b another pharmacy hears that it is taken, and until when', () => {
    for (const status of ['LOCKED', 'PHARMACIST_APPROVED', 'SELLING'] as const) {
      const decision = decide(inState(status), commandOf('Lock', { pharmacyId: P3 }), FACTS);
      assert.ok(isRefused(decision));
      assert.deepEqual(decision.refused, [
        { code: 'PRESCRIPTION_LOCKED_BY_OTHER', detail: { lockedUntil: '2025-06-07T09:00:00+08:00' } },
      ]);
    }
  });

  test('SM-4 a lock counts to its last millisecond and no longer', () => {
    const last = new Date(lock.until.getTime() - 1);
    const taken = inState('LOCKED');
    assert.equal(asked(taken, commandOf('Lock', { pharmacyId: P3, at: last })), 'PRESCRIPTION_LOCKED_BY_OTHER');
    assert.equal(asked(taken, commandOf('Lock', { pharmacyId: P3, at: lock.until })), 'LOCKED');
    assert.ok(holdsLock(taken, lock.pharmacyId, last) && !holdsLock(taken, lock.pharmacyId, lock.until));
  });

  test('SM-4 who takes over an overdue lock tells that it has ended', () => {
    const events = eventsOf(inState('PHARMACIST_APPROVED'), commandOf('Lock', { pharmacyId: P3, at: later(25) }));
    assert.deepEqual(events[0], {
      type: 'LockReleased',
      lockId: lock.lockId,
      pharmacyId: lock.pharmacyId,
      reason: 'TIMED_OUT',
    });
    assert.equal(events[1]?.type, 'PrescriptionLocked');
  });

  test('SM-4 an overdue lock carries no approval and no sale', () => {
    const at = later(25);
    assert.equal(asked(inState('LOCKED'), commandOf('Approve', { at })), 'INVALID_STATE_TRANSITION');
    assert.equal(asked(inState('PHARMACIST_APPROVED'), commandOf('BeginSale', { at })), 'INVALID_STATE_TRANSITION');
  });

  test('SM-4 a sale in flight goes on whatever time it is; what it leaves open then expires with its end', () => {
    const at = later(1_000);
    assert.deepEqual(eventsOf(inState('SELLING'), commandOf('PassTime', { at })), []);
    assert.equal(asked(inState('SELLING'), commandOf('CommitSale', { at })), 'SETTLED');
    assert.equal(asked(inState('SELLING'), commandOf('AbandonSale', { at })), 'EXPIRED');
    assert.equal(asked(inState('SETTLED'), commandOf('HandOver', { at })), 'HANDED_OVER');
    assert.equal(shownStatus(inState('SELLING'), at), 'SELLING');
  });
});

describe('validity', () => {
  test('SM-4 after its end nothing begins any more', () => {
    for (const [status, type] of [
      ['CIRCULATING', 'Lock'],
      ['LOCKED', 'ViewHistory'],
      ['LOCKED', 'Approve'],
      ['PHARMACIST_APPROVED', 'BeginSale'],
    ] as const) {
      const state = { ...inState(status), validUntil: AT };
      assert.equal(asked(state, commandOf(type)), 'PRESCRIPTION_EXPIRED');
      assert.equal(shownStatus(state, AT), 'EXPIRED');
    }
  });

  test('SM-4 an expired one can still be given back', () => {
    assert.equal(asked({ ...inState('LOCKED'), validUntil: AT }, commandOf('ReleaseLock')), 'CIRCULATING');
  });
});

describe('review', () => {
  test('HB-28b only this pharmacist’s own look under this lock counts', () => {
    const { status, ...rest } = inState('LOCKED') as Prescription & { status: 'LOCKED' };
    const unread: Prescription = { ...rest, status, lock: { ...lock, historyViewed: undefined } };
    for (const type of ['Approve', 'RefuseByPharmacist'] as const) {
      assert.equal(asked(unread, commandOf(type)), 'HISTORY_NOT_VIEWED');
      assert.equal(asked(inState('LOCKED'), commandOf(type, { pharmacistId: 'YS2' })), 'HISTORY_NOT_VIEWED');
    }
    assert.equal(asked(unread, commandOf('Approve'), { historyViewRequired: false }), 'PHARMACIST_APPROVED');
  });

  test('CX-14-1b no sale without the pharmacist’s approval', () => {
    assert.equal(asked(inState('LOCKED'), commandOf('BeginSale')), 'PHARMACIST_REVIEW_MISSING');
  });

  test('HB-28b a new lock begins without the history of the one before', () => {
    const state = [commandOf('ReleaseLock'), commandOf('Lock')].reduce<Prescription>(
      (before, command) => eventsOf(before, command).reduce<Prescription>(evolve, before),
      inState('LOCKED'),
    );
    assert.equal(asked(state, commandOf('Approve')), 'HISTORY_NOT_VIEWED');
  });
});

describe('quantities of a sale', () => {
  test('CX-27b more than is left is refused, with what is left', () => {
    const decision = decide(
      inState('PHARMACIST_APPROVED'),
      commandOf('BeginSale', { lines: [saleLine(1, 3n)] }),
      FACTS,
    );
    assert.ok(isRefused(decision));
    assert.deepEqual(decision.refused, [
      { code: 'QTY_OVER_LIMIT', detail: { asked: '3', left: '2', step: '1' }, field: '/lines/0/quantity' },
    ]);
  });

  test('CX-14-4b a line that the doctor did not write is a tied sale, and every problem comes at once', () => {
    const half = { ...saleLine(1, 1n), quantity: 5_000n };
    const lines = [saleLine(9, 1n), half, saleLine(1, 1n), { ...saleLine(1, 0n) }];
    assert.equal(
      asked(inState('PHARMACIST_APPROVED'), commandOf('BeginSale', { lines })),
      'CROSS_SELL_FORBIDDEN+QTY_OVER_LIMIT+REQUEST_INVALID+REQUEST_INVALID',
    );
    assert.equal(asked(inState('PHARMACIST_APPROVED'), commandOf('BeginSale', { lines: [] })), 'REQUEST_INVALID');
  });

  test('GX-3b only the sale in flight can be committed or abandoned', () => {
    for (const type of ['CommitSale', 'AbandonSale'] as const) {
      assert.equal(asked(inState('SELLING'), commandOf(type, { saleId: 'another' })), 'INVALID_STATE_TRANSITION');
    }
  });

  test('HB-29b a sale is handed over once', () => {
    const once = eventsOf(inState('SETTLED'), commandOf('HandOver')).reduce<Prescription>(evolve, inState('SETTLED'));
    assert.equal(asked(once, commandOf('HandOver')), 'INVALID_STATE_TRANSITION');
    assert.equal(asked(inState('SETTLED'), commandOf('HandOver', { saleId: 'another' })), 'INVALID_STATE_TRANSITION');
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefused } from '@erx/errors';
import { decide } from './decide-prescription.ts';
import { evolve } from './evolve-prescription.ts';
import { AT, commandOf, FACTS, inState, later, P1, P3 } from './prescription.fixture.ts';
import type { Command, Event, Prescription } from './prescription.ts';

function after(state: Prescription, command: Command): { state: Prescription; events: Event[] } {
  const decision = decide(state, command, FACTS);
  assert.ok(!isRefused(decision));
  return { state: decision.events.reduce<Prescription>(evolve, state), events: decision.events };
}

function refused(state: Prescription, command: Command) {
  const decision = decide(state, command, FACTS);
  return isRefused(decision) ? decision.refused : [];
}

const types = (events: readonly Event[]) => events.map(({ type }) => type);

describe('withdrawal, hold and the clock', () => {
  test('CX-28c the first reason stays, and every repeat is without effect', () => {
    const first = after(inState('CIRCULATING'), commandOf('Withdraw'));
    assert.deepEqual(types(first.events), ['PrescriptionWithdrawn']);
    const again = after(first.state, commandOf('Withdraw', { reason: '另一理由', at: later(1) }));
    assert.deepEqual(again.events, []);
    assert.deepEqual(again.state.withdrawal, { reason: '诊断更正', at: AT });
  });

  test('CX-28c HB-22-0 what ends a lock names its pharmacy, which hears the reason at its next act', () => {
    for (const [type, code] of [
      ['Withdraw', 'PRESCRIPTION_WITHDRAWN'],
      ['Hold', 'PRESCRIPTION_ON_HOLD'],
    ] as const) {
      const { state, events } = after(inState('PHARMACIST_APPROVED'), commandOf(type));
      assert.equal('pharmacyId' in (events[0] ?? {}) && (events[0] as { pharmacyId: string }).pharmacyId, P1);
      assert.equal(state.endedLockOf, P1);
      for (const act of ['ReleaseLock', 'ViewHistory', 'Approve', 'BeginSale', 'Lock'] as const) {
        assert.deepEqual(
          refused(state, commandOf(act)).map((each) => each.code),
          [code],
        );
      }
    }
  });

  test('SM-4 a lock that was overdue is told as timed out before what happens next', () => {
    for (const type of ['Withdraw', 'Hold', 'PassTime'] as const) {
      const { events } = after(inState('LOCKED'), commandOf(type, { at: later(25) }));
      assert.deepEqual(events[0], { type: 'LockReleased', lockId: 'lock-1', pharmacyId: P1, reason: 'TIMED_OUT' });
    }
  });

  test('SM-4 time that has passed is written once; a lock and a validity that ended together are both told', () => {
    const over = after(inState('LOCKED'), commandOf('PassTime', { at: later(72) }));
    assert.deepEqual(types(over.events), ['LockReleased', 'PrescriptionExpired']);
    assert.equal(over.state.status, 'EXPIRED');
    assert.deepEqual(after(over.state, commandOf('PassTime', { at: later(80) })).events, []);
    assert.deepEqual(after(inState('LOCKED'), commandOf('PassTime')).events, []);
  });

  test('SM-4 whoever locks anew starts without memory of the lock before', () => {
    const timedOut = after(inState('LOCKED'), commandOf('PassTime', { at: later(25) })).state;
    assert.equal(timedOut.endedLockOf, P1);
    const command = commandOf('Lock', { pharmacyId: P3, at: later(25), until: later(49) });
    assert.equal(after(timedOut, command).state.endedLockOf, '');
  });

  test('CX-28c a withdrawal on record goes before expiry and hold when the sale ends', () => {
    const waiting = [commandOf('Withdraw'), commandOf('Hold')].reduce(
      (state, command) => after(state, command).state,
      inState('SELLING'),
    );
    assert.equal(waiting.status, 'SELLING');
    const { events } = after(waiting, commandOf('AbandonSale', { at: later(1_000) }));
    assert.deepEqual(types(events), ['SaleAbandoned', 'PrescriptionWithdrawn']);
  });

  test('A-6 resumed under another signature it can be held again, for the new signer', () => {
    const { state } = after(inState('ON_HOLD'), commandOf('Resume'));
    assert.deepEqual([state.status, state.signerId, state.hold], ['CIRCULATING', 'D2', undefined]);
    const [held] = after(state, commandOf('Hold')).events;
    assert.equal(held?.type === 'PrescriptionHeld' && held.doctorId, 'D2');
  });
});

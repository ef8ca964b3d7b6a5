import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRefused, refusal } from '@erx/errors';
import fc from 'fast-check';
import { AT, later } from './prescription.fixture.ts';
import { decideSale, evolveSale, type Sale, type SaleCommand, type SaleState, saleTransitions } from './sale.ts';
import { nextStep, type Progress } from './sale-steps.ts';

const amounts = { total: 1n, basic: 0n, serious: 0n, aid: 0n, patient: 1n, lines: [] };
const settled = { settlementId: 's', amounts };
const refusals = [refusal('TRACE_CODE_UNKNOWN')];

const states: Record<SaleState, Sale> = {
  INTENT: { state: 'INTENT' },
  RESERVED: { state: 'RESERVED' },
  SETTLED: { state: 'SETTLED', ...settled },
  COMPLETED: { state: 'COMPLETED', ...settled },
  HANDED_OVER: { state: 'HANDED_OVER', ...settled },
  REVERSING: { state: 'REVERSING', ...settled },
  REVERSED: { state: 'REVERSED', ...settled },
  RELEASING: { state: 'RELEASING', refusals },
  ABANDONED: { state: 'ABANDONED', refusals },
};

const commands: SaleCommand[] = [
  { type: 'RecordReserved' },
  { type: 'RecordSettled', ...settled },
  { type: 'Commit' },
  { type: 'GiveUp', refusals },
  { type: 'RecordReleased' },
  { type: 'HandOver' },
  { type: 'BeginReversal' },
  { type: 'RecordReversed' },
];

function after(sale: Sale, command: SaleCommand): Sale | undefined {
  const decision = decideSale(sale, command);
  return isRefused(decision) ? undefined : decision.events.reduce(evolveSale, sale);
}

describe('SM-5 the table of a sale', () => {
  for (const sale of Object.values(states)) {
    for (const command of commands) {
      const to = saleTransitions.find(({ from, command: type }) => from === sale.state && type === command.type)?.to;
      test(`SM-5 ${command.type} in ${sale.state} leads to ${to ?? 'a refusal'}`, () => {
        assert.deepEqual(after(sale, command), to === undefined ? undefined : states[to]);
      });
    }
  }

  test('SM-5 after the commit point a sale only goes forward', () => {
    for (const state of ['COMPLETED', 'HANDED_OVER', 'REVERSING', 'REVERSED'] as const) {
      assert.equal(after(states[state], { type: 'GiveUp', refusals }), undefined);
    }
    assert.equal(after(states.REVERSING, { type: 'HandOver' }), undefined);
  });
});

const progress: Progress = { now: AT, quoteExpiresAt: later(1), attempts: 0, maxAttempts: 3 };

describe('what a sale needs next', () => {
  test('HB-37a every unfinished state has a next step, a finished one none', () => {
    const steps = Object.values(states).map((sale) => [sale.state, nextStep(sale, progress).do]);
    assert.deepEqual(steps, [
      ['INTENT', 'RESERVE'],
      ['RESERVED', 'SETTLE'],
      ['SETTLED', 'COMMIT'],
      ['COMPLETED', 'NOTHING'],
      ['HANDED_OVER', 'NOTHING'],
      ['REVERSING', 'TAKE_BACK'],
      ['REVERSED', 'NOTHING'],
      ['RELEASING', 'RELEASE'],
      ['ABANDONED', 'NOTHING'],
    ]);
  });

  test('CX-22c a quote that ends before the settlement gives the sale up, one that ends after it does not', () => {
    const late = { ...progress, now: progress.quoteExpiresAt };
    for (const state of ['INTENT', 'RESERVED'] as const) {
      const step = nextStep(states[state], late);
      assert.equal(step.do === 'GIVE_UP' && step.refusals[0]?.code, 'SETTLE_QUOTE_STALE');
    }
    assert.equal(nextStep(states.SETTLED, late).do, 'COMMIT');
  });

  test('HB-37a tries without an answer are counted before the commit, and what is taken back is taken back for ever', () => {
    const tired = { ...progress, attempts: 3 };
    for (const state of ['INTENT', 'RESERVED', 'SETTLED'] as const) {
      const step = nextStep(states[state], tired);
      assert.equal(step.do === 'GIVE_UP' && step.refusals[0]?.code, 'SERVICE_UNAVAILABLE');
    }
    assert.equal(nextStep(states.RELEASING, { ...tired, attempts: 1_000 }).do, 'RELEASE');
    assert.equal(nextStep(states.REVERSING, { ...tired, attempts: 1_000 }).do, 'TAKE_BACK');
  });

  test('HB-37a a sale that follows its next step always comes to an end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ok', 'refused', 'silent'), { minLength: 60, maxLength: 60 }), (answers) => {
        let sale: Sale = { state: 'INTENT' };
        let attempts = 0;
        for (const answer of [...answers, ...Array.from({ length: 8 }, () => 'ok')]) {
          const step = nextStep(sale, { ...progress, attempts });
          if (step.do === 'NOTHING') break;
          const command = commandAfter(step.do, answer);
          attempts = command === undefined ? attempts + 1 : 0;
          if (command === undefined) continue;
          const next = after(sale, command);
          assert.ok(next, `${command.type} in ${sale.state}`);
          sale = next;
        }
        assert.match(sale.state, /^(COMPLETED|ABANDONED)$/);
      }),
      { seed: 6 },
    );
  });
});

/** What a step is answered with; nothing when the other side is silent. */
function commandAfter(step: string, answer: string): SaleCommand | undefined {
  if (step === 'GIVE_UP') return { type: 'GiveUp', refusals };
  if (answer === 'silent') return undefined;
  if (step === 'RELEASE') return { type: 'RecordReleased' };
  if (answer === 'refused') return { type: 'GiveUp', refusals };
  if (step === 'RESERVE') return { type: 'RecordReserved' };
  return step === 'SETTLE' ? { type: 'RecordSettled', ...settled } : { type: 'Commit' };
}

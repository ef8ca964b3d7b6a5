import assert from 'node:assert/strict';
import test from 'node:test';
import { reversalProblem, type Sold } from './reversal.ts';

const amounts = { total: 1n, basic: 0n, serious: 0n, aid: 0n, patient: 1n, lines: [] };
const soldAt = new Date('2025-06-30T23:30:00+08:00');
const sold: Sold = {
  sale: { state: 'COMPLETED', settlementId: 's', amounts },
  soldAt,
  handedOverAt: undefined,
  codes: ['a', 'b'],
};
const asked = { reason: '扫错药', leftCounter: [] as string[] };
const shown = (...args: Parameters<typeof reversalProblem>) =>
  reversalProblem(...args)?.refused.map(({ code, field }) => (field === undefined ? code : `${code} ${field}`)) ?? [];

test('HB-33a the claim month is the month of the sale in Shanghai, to its last second', () => {
  assert.deepEqual(shown(sold, asked, new Date('2025-06-30T23:59:59+08:00')), []);
  assert.deepEqual(shown(sold, asked, new Date('2025-06-30T16:00:00Z')), ['SETTLE_REVERSE_TOO_LATE']);
});

test('HB-37a only a completed sale is reversed, whatever else is wrong with the request', () => {
  const refusals = [{ code: 'TRACE_CODE_UNKNOWN' as const }];
  for (const state of ['INTENT', 'RESERVED'] as const) {
    assert.deepEqual(shown({ ...sold, sale: { state } }, asked, soldAt), ['INVALID_STATE_TRANSITION']);
  }
  for (const state of ['SETTLED', 'HANDED_OVER', 'REVERSING', 'REVERSED'] as const) {
    const sale = { state, settlementId: 's', amounts };
    assert.deepEqual(shown({ ...sold, sale }, { reason: '', leftCounter: [] }, soldAt), ['INVALID_STATE_TRANSITION']);
  }
  for (const state of ['RELEASING', 'ABANDONED'] as const) {
    assert.deepEqual(shown({ ...sold, sale: { state, refusals } }, asked, soldAt), ['INVALID_STATE_TRANSITION']);
  }
});

test('CX-14-3c packs that left the counter are packs of this sale, each named once; a reason is needed', () => {
  assert.deepEqual(shown(sold, { ...asked, leftCounter: ['b', 'a'] }, soldAt), []);
  assert.deepEqual(shown(sold, { reason: ' ', leftCounter: ['a', 'x', 'a'] }, soldAt), [
    'REQUEST_INVALID /reason',
    'REQUEST_INVALID /leftCounter/1',
    'REQUEST_INVALID /leftCounter/2',
  ]);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, hubeiFacts, line } from '../precheck.fixture.ts';
import { quantityAndDays } from './quantity.ts';
import { shown } from './shown.fixture.ts';

const judge = (days: number, longPrescription = false) =>
  quantityAndDays(hubeiFacts({ longPrescription, lines: [line(D1, { days, quantity: 30_000n })] }));

test('CX-27b an ordinary prescription is for at most 30 days, a long one for at most 84', () => {
  assert.deepEqual(judge(30), []);
  assert.deepEqual(shown(judge(31)), ['QTY_OVER_LIMIT /lines/0/days']);
  assert.deepEqual(judge(84, true), []);
  assert.deepEqual(shown(judge(85, true)), ['QTY_OVER_LIMIT /lines/0/days']);
});

test('CX-21e the refusal shows days, packs and units for a person to judge', () => {
  assert.deepEqual(judge(31)[0]?.detail, {
    drugCode: D1.drugCode,
    days: '31',
    maxDays: '30',
    packs: '3',
    units: '90',
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, healthLines, stepLine } from './print.ts';

const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);

test('a step says who spoke, when it left the outbox and whom it has reached, the first one first', () => {
  const step = { id: '1', service: 'issuing', event: 'PrescriptionCirculating', createdAt: at(500) } as const;
  const reached = [
    { consumer: 'audit', at: at(1_800) },
    { consumer: 'dispensing', at: at(531) },
  ];
  const line = stepLine({ ...step, publishedAt: at(512), reached }, at(0).getTime());
  assert.match(line, /\+0\.500 s {2}issuing +PrescriptionCirculating +12 ms {2}dispensing 31 ms, audit 1\.3 s$/);
  assert.match(stepLine({ ...step, publishedAt: null, reached: [] }, at(0).getTime()), /waits$/);
});

test('health names what is down, waits, lags, is in flight or parked', () => {
  const lines = healthLines({
    processes: [
      { name: 'kafka', pid: 7, isAlive: true },
      { name: 'audit', pid: undefined, isAlive: false },
    ],
    outboxes: [{ service: 'issuing', waiting: 2, oldestMs: 90_000 }],
    lags: [{ consumer: 'audit', behind: 500, oldestMs: 200_000 }],
    sales: { inFlight: 1, oldestMs: 40 },
    parked: [{ service: 'audit', count: 3 }],
    copies: {
      ages: [
        { service: 'audit', oldestMs: 400 },
        { service: 'issuing', oldestMs: 70_000 },
      ],
      hashes: 2,
    },
  }).join('\n');
  for (const part of [
    '✓ kafka 7',
    '✗ audit down',
    'issuing 2 (oldest 90.0 s)',
    'audit 500 or more events (oldest 3 min)',
    '1 sales (oldest 40 ms)',
    'audit 3',
    'oldest 70.0 s (issuing), 2 different',
  ]) {
    assert.ok(lines.includes(part), part);
  }
});

test('a small terminal keeps the newest steps, and no line is wider than it', () => {
  const shown = fit(['health'], ['title', 'heading', 'one', 'two', '处方three'], 6, 7);
  assert.deepEqual(shown, ['health', '', 'title', 'headin', 'two', '处方th']);
});

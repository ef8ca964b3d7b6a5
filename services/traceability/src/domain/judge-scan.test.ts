import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { codesToLock, judgeScan, type ScannedLine } from './judge-scan.ts';
import { AT, D1, D3, d1, d3, P1, P3, pack } from './trace-code.fixture.ts';
import type { TraceCode } from './trace-code.ts';

const known = new Map<string, TraceCode>(
  [
    pack('SOLD', d1(1)),
    pack('RECEIVED', d1(2)),
    pack('RECEIVED', d1(3)),
    pack('RESERVED', d1(4)),
    pack('RECEIVED', d1(5), P3),
    pack('RECALLED', d1(6)),
    pack('RECEIVED', d3(1)),
  ].map((code) => [code.traceCode, code]),
);
const judge = (lines: ScannedLine[], holderId = P1) => judgeScan({ saleId: 'sale', holderId, lines, at: AT }, known);
const scan = (...traceCodes: string[]): ScannedLine[] => [{ lineNo: 1, drugCode: D1, traceCodes }];

/** `CODE field` of every refusal, or the packages held. */
function outcome(lines: ScannedLine[], holderId = P1): string[] {
  const judged = judge(lines, holderId);
  if (isRefused(judged)) return judged.refused.map(({ code, field }) => `${code} ${field}`);
  return judged.reserved.map((code) => `${code.state} ${code.traceCode}`);
}

test('AS-07 steps 1 to 6: every wrong scan has its code and its place', () => {
  const first = '/lines/0/traceCodes/0';
  assert.deepEqual(outcome(scan(d1(1)), P3), [`TRACE_CODE_DUPLICATE ${first}`, `TRACE_CODE_NOT_HELD ${first}`]);
  assert.deepEqual(outcome(scan(d1(1))), [`TRACE_CODE_DUPLICATE ${first}`]);
  assert.deepEqual(outcome(scan('81000019999999999999')), [`TRACE_CODE_UNKNOWN ${first}`]);
  assert.deepEqual(outcome(scan(d3(1))), [`TRACE_CODE_PRODUCT_MISMATCH ${first}`]);
  assert.deepEqual(outcome(scan(d1(2).slice(1))), [`TRACE_CODE_MALFORMED ${first}`]);
  assert.deepEqual(outcome(scan()), ['TRACE_CODE_MISSING /lines/0/traceCodes']);
});

test('AS-07 step 9: recalled, quarantined, lost, packed or opened: no such package is sold', () => {
  for (const [state, code] of [
    ['RECALLED', 'TRACE_CODE_RECALLED'],
    ['QUARANTINED', 'TRACE_CODE_RECALLED'],
    ['LOST', 'INVALID_STATE_TRANSITION'],
    ['DAMAGED', 'INVALID_STATE_TRANSITION'],
    ['SUPPLIER_RETURNED', 'INVALID_STATE_TRANSITION'],
    ['PACKED', 'INVALID_STATE_TRANSITION'],
    ['HANDED_OVER', 'TRACE_CODE_DUPLICATE'],
  ] as const) {
    const one = new Map([[d1(1), pack(state)]]);
    const judged = judgeScan({ saleId: 'sale', holderId: P1, lines: scan(d1(1)), at: AT }, one);
    assert.deepEqual(isRefused(judged) && judged.refused.map((it) => it.code), [code], state);
  }
});

test('CX-14-3c a closed case of packs is not one pack of the prescription', () => {
  const outer = new Map([[d1(1), { ...pack('RECEIVED'), parts: 10 }]]);
  const judged = judgeScan({ saleId: 'sale', holderId: P1, lines: scan(d1(1)), at: AT }, outer);
  assert.ok(isRefused(judged));
  assert.deepEqual(judged.refused, [
    {
      code: 'TRACE_CODE_PRODUCT_MISMATCH',
      field: '/lines/0/traceCodes/0',
      detail: { traceCode: d1(1), parts: '10' },
    },
  ]);
});

test('CX-14-3c a sale without any line has nothing scanned', () => {
  assert.deepEqual(outcome([]), ['TRACE_CODE_MISSING /lines']);
});

test('CX-14-3c packages in order are held for their lines', () => {
  const lines = [...scan(d1(3), d1(2)), { lineNo: 7, drugCode: D3, traceCodes: [d3(1)] }];
  const judged = judge(lines);
  assert.ok(!isRefused(judged));
  assert.deepEqual(
    judged.reserved.map((code) => [code.traceCode, code.state, code.sale?.saleId, code.sale?.lineNo]),
    [
      [d1(3), 'RESERVED', 'sale', 1],
      [d1(2), 'RESERVED', 'sale', 1],
      [d3(1), 'RESERVED', 'sale', 7],
    ],
  );
});

test('CX-29b a package scanned twice in one sale is a duplicate, with the place of its first scan', () => {
  const lines = [...scan(d1(2)), { lineNo: 2, drugCode: D1, traceCodes: [d1(3), d1(2)] }];
  const judged = judge(lines);
  assert.ok(isRefused(judged));
  assert.deepEqual(judged.refused, [
    {
      code: 'TRACE_CODE_DUPLICATE',
      field: '/lines/1/traceCodes/1',
      detail: { traceCode: d1(2), firstAt: '/lines/0/traceCodes/0' },
    },
  ]);
});

test('GX-1-2-5f all wrong scans of a sale come at once, and one wrong scan holds nothing', () => {
  const lines = [...scan(d1(2), d1(4), 'x', d1(5), d1(6)), { lineNo: 2, drugCode: D3, traceCodes: [] }];
  assert.deepEqual(outcome(lines), [
    'TRACE_CODE_DUPLICATE /lines/0/traceCodes/1',
    'TRACE_CODE_MALFORMED /lines/0/traceCodes/2',
    'TRACE_CODE_NOT_HELD /lines/0/traceCodes/3',
    'TRACE_CODE_RECALLED /lines/0/traceCodes/4',
    'TRACE_CODE_MISSING /lines/1/traceCodes',
  ]);
});

test('what was misread is not repeated in the refusal', () => {
  const judged = judge(scan('110101199003074514'));
  assert.ok(isRefused(judged));
  assert.equal(JSON.stringify(judged).includes('110101'), false);
});

test('rows are locked once each and in one order, whatever was scanned', () => {
  assert.deepEqual(codesToLock([...scan(d1(3), d1(2), 'x', d1(3)), ...scan(d3(1), d1(1))]), [
    d1(1),
    d1(2),
    d1(3),
    d3(1),
  ]);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { CODES_PER_NOTE_MAX, judgeNotes, NOTES_PER_CALL_MAX, type Note, type NoteFacts } from './judge-notes.ts';
import { D1, D3, d1, d3, P1, P3, pack } from './trace-code.fixture.ts';

const hashOf = (note: Note) => `${note.noteId}/${note.batchNo}`;
const facts: NoteFacts = {
  hashOfNote: new Map([[`${P1}\nknown`, 'known/B1']]),
  known: new Map(
    [pack('RECEIVED', d1(9)), pack('RECEIVED', d1(8), P3), pack('SUPPLIER_RETURNED', d1(7), P3)].map((code) => [
      code.traceCode,
      code,
    ]),
  ),
  hashOf,
  isPharmacy: (id) => id === P1,
  isDrug: (code) => code === D1 || code === D3,
  drugOfPrefix: (prefix) => ({ 8100001: D1, 8100003: D3 })[prefix],
};

const note = (change: Partial<Note> = {}): Note => ({
  noteId: 'n1',
  holderId: P1,
  drugCode: D1,
  batchNo: 'B1',
  expiresOn: '2027-12-31',
  traceCodes: [d1(1), d1(2)],
  parents: {},
  ...change,
});

/** `CODE field` of every refusal, or the ids of the new notes. */
function outcome(...notes: Note[]): string[] {
  const judged = judgeNotes(notes, facts, 'ALL_OR_NOTHING');
  if (isRefused(judged)) return judged.refused.map(({ code, field }) => `${code} ${field}`);
  return judged.fresh.map(({ noteId }) => noteId);
}

test('GJ-3a a new note is new, the same note again is not, and other content under its number is refused', () => {
  assert.deepEqual(outcome(note(), note({ noteId: 'known', traceCodes: [d1(9)] })), ['n1']);
  assert.deepEqual(outcome(note({ noteId: 'known', batchNo: 'B2' })), ['REQUEST_INVALID /notes/0/noteId']);
  assert.deepEqual(outcome(note(), note({ traceCodes: [d1(3)] })), ['REQUEST_INVALID /notes/1/noteId']);
});

test('every head field that is wrong is named', () => {
  const wrong: [Partial<Note>, string][] = [
    [{ noteId: '' }, 'noteId'],
    [{ noteId: 'n\u0000' }, 'noteId'],
    [{ noteId: 'n'.repeat(65) }, 'noteId'],
    [{ holderId: 'P2' }, 'holderId'],
    [{ drugCode: 'X' }, 'drugCode'],
    [{ batchNo: '' }, 'batchNo'],
    [{ expiresOn: '2027-02-30' }, 'expiresOn'],
    [{ expiresOn: '2027-2-3' }, 'expiresOn'],
    [{ traceCodes: [] }, 'traceCodes'],
    [{ parents: { [d1(3)]: d1(1) } }, 'parents'],
  ];
  for (const [change, field] of wrong) {
    const problems = outcome(note(change)).filter((it) => it.startsWith('REQUEST_INVALID'));
    assert.deepEqual(problems, [`REQUEST_INVALID /notes/0/${field}`]);
  }
});

test('a note carries at most 2,000 packages, a call at most 20 notes', () => {
  const codes = (count: number) => Array.from({ length: count }, (_, serial) => d1(100 + serial));
  assert.deepEqual(outcome(note({ traceCodes: codes(CODES_PER_NOTE_MAX) })), ['n1']);
  assert.deepEqual(outcome(note({ traceCodes: codes(CODES_PER_NOTE_MAX + 1) })), [
    'REQUEST_INVALID /notes/0/traceCodes',
  ]);
  const notes = (count: number) =>
    Array.from({ length: count }, (_, index) => note({ noteId: `n${index}`, traceCodes: [d1(100 + index)] }));
  assert.equal(outcome(...notes(NOTES_PER_CALL_MAX)).length, NOTES_PER_CALL_MAX);
  assert.deepEqual(outcome(...notes(NOTES_PER_CALL_MAX + 1)), ['REQUEST_INVALID /notes']);
  assert.deepEqual(outcome(), ['REQUEST_INVALID /notes']);
});

test('GJ-3a a package is received once: twice in a note, in two notes of a call, or on record is TRACE_CODE_DUPLICATE', () => {
  assert.deepEqual(outcome(note({ traceCodes: [d1(1), d1(1)] })), ['TRACE_CODE_DUPLICATE /notes/0/traceCodes/1']);
  assert.deepEqual(outcome(note(), note({ noteId: 'n2', traceCodes: [d1(2)] })), [
    'TRACE_CODE_DUPLICATE /notes/1/traceCodes/0',
  ]);
  assert.deepEqual(outcome(note({ traceCodes: [d1(9)] })), ['TRACE_CODE_DUPLICATE /notes/0/traceCodes/0']);
});

test('GJ-3a wrong packages are all named: malformed, of another product, of no product', () => {
  const traceCodes = [d1(1), d1(2).slice(1), d3(1), '99999990000000000001'];
  assert.deepEqual(outcome(note({ traceCodes }), note({ noteId: 'n2', drugCode: D3, traceCodes: [d1(5)] })), [
    'TRACE_CODE_MALFORMED /notes/0/traceCodes/1',
    'TRACE_CODE_PRODUCT_MISMATCH /notes/0/traceCodes/2',
    'TRACE_CODE_PRODUCT_MISMATCH /notes/0/traceCodes/3',
    'TRACE_CODE_PRODUCT_MISMATCH /notes/1/traceCodes/0',
  ]);
});

/** What EACH books, and `code: reasons` of what it does not. */
function each(...notes: Note[]): unknown {
  const judged = judgeNotes(notes, facts, 'EACH');
  if (isRefused(judged)) return judged.refused.map(({ code, field }) => `${code} ${field}`);
  return {
    booked: judged.fresh.flatMap(({ traceCodes }) => traceCodes),
    bad: judged.bad.map(({ traceCode, refusals }) => `${traceCode}: ${refusals.map(({ code }) => code).join()}`),
  };
}

test('GJ-3a each code for itself: the good ones are booked, each bad one has its reasons, a misread one is not repeated', () => {
  assert.deepEqual(each(note({ traceCodes: [d1(1), d1(9), 'x', d1(2), d3(1), d1(1)] })), {
    booked: [d1(1), d1(2)],
    bad: [
      `${d1(9)}: TRACE_CODE_DUPLICATE`,
      ': TRACE_CODE_MALFORMED',
      `${d3(1)}: TRACE_CODE_PRODUCT_MISMATCH`,
      `${d1(1)}: TRACE_CODE_DUPLICATE`,
    ],
  });
});

test('GJ-3a a wrong head refuses the whole call, in either mode', () => {
  assert.deepEqual(each(note(), note({ noteId: 'n2', holderId: 'X', traceCodes: ['x'] })), [
    'REQUEST_INVALID /notes/1/holderId',
  ]);
});

test('GJ-3a of its own package a pharmacy is told the state, of one that another holds nothing', () => {
  const judged = judgeNotes([note({ traceCodes: [d1(9), d1(8)] })], facts, 'ALL_OR_NOTHING');
  assert.ok(isRefused(judged));
  assert.deepEqual(
    judged.refused.map(({ detail }) => Object.keys(detail ?? {})),
    [['traceCode', 'state', 'since'], ['traceCode']],
  );
});

test('GJ-3a what went back to its supplier may come again, as the same product and batch only', () => {
  assert.deepEqual(outcome(note({ batchNo: 'B-2025-01', traceCodes: [d1(7)] })), ['n1']);
  assert.deepEqual(outcome(note({ traceCodes: [d1(7)] })), ['TRACE_CODE_DUPLICATE /notes/0/traceCodes/0']);
});

test('GJ-3a packs: three levels at most, the pack on the same note, no circle, and no content without its pack', () => {
  const codes = [d1(1), d1(2), d1(3), d1(4)];
  const chain = { [d1(3)]: d1(2), [d1(2)]: d1(1) };
  assert.deepEqual(outcome(note({ traceCodes: codes, parents: chain })), ['n1']);
  for (const [parents, at] of [
    [{ ...chain, [d1(4)]: d1(3) }, [3]],
    [{ [d1(1)]: d1(1) }, [0]],
    [{ [d1(1)]: d1(2), [d1(2)]: d1(1) }, [0, 1]],
    [{ [d1(4)]: d1(6) }, [3]],
  ] as const) {
    assert.deepEqual(
      outcome(note({ traceCodes: codes, parents })),
      at.map((position) => `REQUEST_INVALID /notes/0/traceCodes/${position}`),
    );
  }
  // The pack is on record already: neither it nor its content is booked, the rest is.
  assert.deepEqual(each(note({ traceCodes: [d1(9), d1(1), d1(2)], parents: { [d1(1)]: d1(9) } })), {
    booked: [d1(2)],
    bad: [`${d1(9)}: TRACE_CODE_DUPLICATE`, `${d1(1)}: REQUEST_INVALID`],
  });
});

test('a refusal carries at most 100 reasons, and says how many there are', () => {
  const traceCodes = Array.from({ length: 150 }, (_, serial) => d3(serial));
  const judged = judgeNotes([note({ traceCodes })], facts, 'ALL_OR_NOTHING');
  assert.ok(isRefused(judged));
  assert.equal(judged.refused.length, 100);
  assert.equal(judged.refused.at(-1)?.detail?.['refusals'], '150');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { PrecheckRequest } from '@erx/proto/issuing/v1/issuing_service';
import { D1, D3, ISSUED_AT, line, lung } from './precheck.fixture.ts';
import { formProblems } from './request-form.ts';

const request: PrecheckRequest = {
  patient: {
    personId: '00000000-0000-4000-8000-000000000001',
    nameSealed: new Uint8Array(),
    identitySealed: new Uint8Array(),
    phoneSealed: new Uint8Array(),
  },
  doctorId: 'D420106000001',
  category: '110202',
  prescribedAt: ISSUED_AT,
  validDays: 0,
  diagnoses: [lung],
  lines: [line(D1)],
  outflowReason: 'NOT_STOCKED',
  longPrescription: false,
  replaces: '',
};

const judge = (change: Partial<PrecheckRequest>) =>
  formProblems({ ...request, ...change }, ISSUED_AT).map(({ field, detail }) => `${field} ${detail?.['problem']}`);
const minutes = (n: number) => new Date(ISSUED_AT.getTime() + n * 60_000);

test('a request as the door describes it has no problem of form', () => {
  assert.deepEqual(judge({}), []);
  assert.deepEqual(judge({ validDays: 90, diagnoses: [], outflowReason: '' }), []);
});

test('CX-28c an issue time lies at most five minutes ahead and a day back', () => {
  assert.deepEqual(judge({ prescribedAt: minutes(5) }), []);
  assert.deepEqual(judge({ prescribedAt: minutes(6) }), ['/prescribedAt IN_THE_FUTURE']);
  assert.deepEqual(judge({ prescribedAt: minutes(-24 * 60) }), []);
  assert.deepEqual(judge({ prescribedAt: minutes(-24 * 60 - 1) }), ['/prescribedAt TOO_OLD']);
});

test('what is no instant, or none that can be stored, is named', () => {
  const problem = ['/prescribedAt NOT_AN_INSTANT'];
  assert.deepEqual(judge({ prescribedAt: undefined }), problem);
  assert.deepEqual(judge({ prescribedAt: new Date(Number.NaN) }), problem);
  assert.deepEqual(judge({ prescribedAt: new Date(Date.UTC(10_000, 0)) }), problem);
});

test('one to five drugs, each once, in whole packs for at least one day', () => {
  assert.deepEqual(judge({ lines: [] }), ['/lines EMPTY']);
  const six = Array.from({ length: 6 }, (_, n) => line({ drugCode: `X${n}` }));
  assert.deepEqual(judge({ lines: six }), ['/lines TOO_MANY']);
  assert.deepEqual(judge({ lines: [line(D1), line(D3), line(D1)] }), ['/lines/2/drugCode DUPLICATE']);
  for (const quantity of [0n, -10_000n, 5_000n, 10_001n]) {
    assert.deepEqual(
      judge({ lines: [line(D1, { quantity })] }),
      ['/lines/0/quantity NOT_WHOLE_PACKS'],
      String(quantity),
    );
  }
  assert.deepEqual(judge({ lines: [line(D1, { days: 0 })] }), ['/lines/0/days NOT_POSITIVE']);
});

test('validity lies between the profile’s own and ninety days', () => {
  assert.deepEqual(judge({ validDays: -1 }), ['/validDays OUT_OF_RANGE']);
  assert.deepEqual(judge({ validDays: 91 }), ['/validDays OUT_OF_RANGE']);
});

test('texts are readable: neither blank, nor endless, nor with control characters', () => {
  for (const text of ['', '  ', 'a\u0000b', 'x'.repeat(501)]) {
    const line0 = { ...line(D1), usage: text };
    const change = { doctorId: text, category: text, diagnoses: [{ code: text, name: text }], lines: [line0] };
    assert.deepEqual(judge(change), [
      '/doctorId NOT_A_TEXT',
      '/category NOT_A_TEXT',
      '/diagnoses/0/code NOT_A_TEXT',
      '/diagnoses/0/name NOT_A_TEXT',
      '/lines/0/usage NOT_A_TEXT',
    ]);
  }
});

test('a patient who was not identified, too many diagnoses and an unknown reason are named', () => {
  assert.deepEqual(judge({ patient: undefined }), ['/patient NOT_IDENTIFIED']);
  assert.deepEqual(judge({ diagnoses: Array.from({ length: 21 }, () => lung) }), ['/diagnoses TOO_MANY']);
  assert.deepEqual(judge({ outflowReason: 'WEATHER' }), ['/outflowReason UNKNOWN_VALUE']);
});

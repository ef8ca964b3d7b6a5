import assert from 'node:assert/strict';
import test from 'node:test';
import { maskFor } from './masking.ts';

const payload = {
  prescriptionId: 'p1',
  at: new Date(0),
  patient: { personId: 'x', nameSealed: new Uint8Array([1]), phoneSealed: new Uint8Array() },
  documentSealed: new Uint8Array([2]),
  diagnoses: [{ code: 'L40', name: '银屑病' }],
  lines: [
    { lineNo: 1, quantity: 20_000n, usage: '每日一次' },
    { lineNo: 2, quantity: 10_000n, usage: '' },
  ],
  evidence: [{ role: 'DOCTOR', content: new Uint8Array([3]), contentSealed: true }],
  insurance: undefined,
};

test('CX-7c a regulator sees an event as it is', () => {
  assert.deepEqual(maskFor('REGULATOR', payload), { payload, masked: [] });
});

test('CX-7c an agency sees codes, quantities and money, and neither illness, usage, documents nor sealed fields', () => {
  const { payload: shown, masked } = maskFor('AGENCY', payload);
  assert.deepEqual(masked, ['diagnoses', 'documentSealed', 'evidence.content', 'lines.usage', 'patient.nameSealed']);
  assert.deepEqual(shown, {
    ...payload,
    patient: { personId: 'x', nameSealed: new Uint8Array(), phoneSealed: new Uint8Array() },
    documentSealed: new Uint8Array(),
    diagnoses: [],
    lines: payload.lines.map((line) => ({ ...line, usage: '' })),
    evidence: [{ role: 'DOCTOR', content: new Uint8Array(), contentSealed: true }],
  });
});

test('masking changes nothing of what it was given', () => {
  const before = structuredClone(payload);
  maskFor('AGENCY', payload);
  assert.deepEqual(payload, before);
});

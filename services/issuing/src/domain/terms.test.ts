import assert from 'node:assert/strict';
import test from 'node:test';
import { D1, ISSUED_AT, line, lung } from './precheck.fixture.ts';
import { termsOf } from './terms.ts';

test('CX-28c an upload is measured by every member of the document, as the pre-check stored it', () => {
  const validUntil = new Date('2025-06-09T09:30:00+08:00');
  const numbers = { prescriptionId: 'p', hiRxno: 'n', rxTraceCode: 't' };
  const allowed = {
    ...numbers,
    hospitalId: 'H',
    doctorId: 'D',
    personId: 'P',
    category: '11',
    prescribedAt: ISSUED_AT,
  };
  const { genericName, specification } = D1;
  const stored = { lineNo: 1, genericName, specification, ...line(D1, { quantity: 25_000n }) };
  const judgedBy = { drugClass: 'SEPARATE_PAY', listVersion: 1 };
  const terms = termsOf({ ...allowed, validUntil, consentRequired: true }, [{ ...stored, ...judgedBy }], [lung]);
  assert.deepEqual(terms, {
    doctorId: 'D',
    personId: 'P',
    validUntil,
    consentRequired: true,
    medicalPart: {
      schema: 'erx.prescription.v1',
      ...numbers,
      hospitalId: 'H',
      doctorId: 'D',
      category: '11',
      prescribedAt: '2025-06-06T01:30:00.000Z',
      validUntil: '2025-06-09T01:30:00.000Z',
      diagnoses: [lung],
      lines: [{ ...stored, quantity: '2.5' }],
    },
  });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Refusal } from '@erx/errors';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import { endorsementProblems } from './endorsement.ts';
import { DR1, DR2, filed, H1, ISSUED_AT } from './precheck.fixture.ts';
import { shown } from './rules/shown.fixture.ts';

const endorsed = {
  hiRxno: '1',
  hospitalId: H1.institutionId,
  doctorId: 'D420106000099',
  lines: [{ drugClass: 'SEPARATE_PAY', doctorScheme: 'RESPONSIBLE' }],
};
const proofOf = (document: unknown) =>
  ({ role: 'ENDORSEMENT', content: Buffer.from(JSON.stringify(document)) }) as unknown as Evidence;
const good = { evidence: proofOf({ hiRxno: '1' }), refused: [] as Refusal[] };
const judge = (doctor: typeof DR1 | undefined, checked: Partial<typeof good> | { evidence: undefined } = {}) =>
  shown(
    endorsementProblems(
      endorsed,
      { doctorId: doctor?.practitionerId ?? 'nobody', doctor },
      { ...good, ...checked },
      ISSUED_AT,
    ),
  );

test('HB-22-0 a doctor whom the lines’ own scheme admits today may stand for them; others are refused as at the pre-check', () => {
  assert.deepEqual(judge(DR1), []);
  assert.deepEqual(judge(DR2), ['DOCTOR_NOT_FILED /doctorId']);
  assert.deepEqual(judge({ ...DR1, filings: [filed('RESPONSIBLE', 'REVOKED')] }), ['DOCTOR_REVOKED /doctorId']);
  assert.deepEqual(judge({ ...DR1, licensed: [] }), ['DOCTOR_FILING_EXPIRED /doctorId']);
  assert.deepEqual(judge(undefined), ['DOCTOR_NOT_AT_INSTITUTION /doctorId']);
});

test('A-6 whoever wrote it cannot stand for it', () => {
  assert.deepEqual(judge({ ...DR1, practitionerId: endorsed.doctorId }), ['REQUEST_INVALID /doctorId']);
});

test('CX-28c an endorsement that names another number is PRESCRIPTION_TAMPERED', () => {
  for (const document of [{ hiRxno: '2' }, {}, null]) {
    assert.deepEqual(judge(DR1, { evidence: proofOf(document) }), ['PRESCRIPTION_TAMPERED /document']);
  }
});

test('what speaks against the signature is said along with what speaks against the doctor, each reason once', () => {
  const refused: Refusal[] = [
    { code: 'DOCTOR_NOT_AT_INSTITUTION', field: '/doctorId' },
    { code: 'DOCTOR_SIGNATURE_INVALID', field: '/signature' },
  ];
  assert.deepEqual(judge({ ...DR2, institutionId: 'H-2' }, { evidence: undefined, refused }), [
    'DOCTOR_NOT_AT_INSTITUTION /doctorId',
    'DOCTOR_NOT_FILED /doctorId',
    'DOCTOR_SIGNATURE_INVALID /signature',
  ]);
});

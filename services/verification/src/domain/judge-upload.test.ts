import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import type { OfferedEvidence } from '@erx/proto/verification/v1/verification_service';
import type { ResolvedProfile } from '@erx/reference';
import { evidenceByRole } from './evidence-list.ts';
import { judgeUpload } from './judge-upload.ts';
import { type PrescriptionDocument, readPrescription } from './prescription-document.ts';
import { practitioner, type Signer, signerOf } from './signer.fixture.ts';
import * as world from './world.fixture.ts';

type Change = { evidence?: OfferedEvidence[]; content?: unknown; reference?: object; prescriptionId?: string };

function judge({
  evidence,
  content = world.prescription(),
  reference = {},
  prescriptionId = world.PRESCRIPTION,
}: Change) {
  const upload = world.uploadOf(content);
  const { bytes } = upload.document;
  return judgeUpload(
    {
      prescriptionId,
      hospitalId: world.HOSPITAL,
      bytes,
      documentSm3: sm3Hex(bytes),
      document: readPrescription(bytes) as PrescriptionDocument,
      offered: evidenceByRole(evidence ?? upload.evidence).offered,
      at: world.now,
    },
    { ...world.reference, ...reference },
  );
}

const { documentSm3, evidence } = world.uploadOf();
const replaced = (index: number, change: Partial<OfferedEvidence>) =>
  evidence.map((each, place) => (place === index ? { ...each, ...change } : each));
const reviewBy = (change: Record<string, unknown>, signer: Signer = world.reviewer, sm3 = documentSm3) =>
  evidence.with(1, world.reviewProof(signer.signed(world.review(sm3, change))));
const consentBy = (change: Record<string, unknown>, signer: Signer = world.authority) =>
  evidence.with(2, world.statementProof(signer.signed(world.consent(documentSm3, change))));
const registered = (id: string, change: Parameters<typeof practitioner>[0]) => ({
  practitioner: (asked: string) =>
    asked === id
      ? practitioner({ ...world.reference.practitioner(id), ...change })
      : world.reference.practitioner(asked),
});
const overBefore = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') };

test('everything in order: three proofs, nothing against them', () => {
  const { proofs, refused } = judge({});
  assert.deepEqual(refused, []);
  assert.deepEqual(
    proofs.map(({ role }) => role),
    ['DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT'],
  );
});

const cases: [name: string, change: Change, expected: string[]][] = [
  [
    'HB-42a no doctor, CX-21g no review, CX-21h no consent: all at once',
    { evidence: [] },
    [
      'DOCTOR_SIGNATURE_INVALID /evidence MISSING',
      'REVIEW_MISSING /evidence MISSING',
      'PATIENT_CONSENT_MISSING /evidence MISSING',
    ],
  ],
  [
    'HB-42a a key that is not on record',
    { evidence: replaced(0, { signature: world.stranger.sign(world.uploadOf().document.bytes) }) },
    ['DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT'],
  ],
  [
    'HB-42a a text that is no signature',
    { evidence: replaced(0, { signature: 'yes' }) },
    ['DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT'],
  ],
  [
    'HB-42a somebody else than the prescriber',
    { evidence: replaced(0, { signer: world.REVIEWER }) },
    ['DOCTOR_SIGNATURE_INVALID /evidence/0/signer NOT_THE_PRESCRIBER'],
  ],
  [
    'HB-42a another format',
    { evidence: replaced(0, { format: 'CHANNEL_DECLARATION' }) },
    ['DOCTOR_SIGNATURE_INVALID /evidence/0/format UNKNOWN_FORMAT'],
  ],
  [
    'HB-42a a key that was over when it signed',
    { reference: registered(world.DOCTOR, { keys: [{ ...world.doctor.key, valid: overBefore }] }) },
    ['DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT'],
  ],
  [
    'GX-3h a doctor of another hospital',
    { reference: registered(world.DOCTOR, { institutionId: 'H-2' }) },
    ['DOCTOR_NOT_AT_INSTITUTION /evidence/0/signer'],
  ],
  [
    'CX-21g a review that refused',
    { evidence: reviewBy({ opinion: 'REFUSED' }) },
    ['REVIEW_FAILED /evidence/1/content'],
  ],
  ['CX-21g payment failed', { evidence: reviewBy({ payment: 'FAIL' }) }, ['REVIEW_FAILED /evidence/1/content']],
  ['GJ-3e rational use failed', { evidence: reviewBy({ rationalUse: 'FAIL' }) }, ['REVIEW_FAILED /evidence/1/content']],
  [
    'CX-21g a review without one of the two checks',
    { evidence: reviewBy({ payment: undefined }) },
    ['REVIEW_MISSING /evidence/1/content NOT_THE_SCHEMA'],
  ],
  [
    'CX-21g a field that says so instead of a review',
    { evidence: replaced(1, { content: Buffer.from('{"reviewed":true}') }) },
    ['REVIEW_MISSING /evidence/1/content NOT_THE_SCHEMA'],
  ],
  [
    'GX-1-2-5c a review by a key that is not on record',
    { evidence: reviewBy({}, world.stranger) },
    ['PHARMACIST_SIGNATURE_INVALID /evidence/1/signature'],
  ],
  [
    'GX-1-2-5c a review that names somebody else',
    { evidence: reviewBy({ reviewer: 'HY420106000002' }) },
    ['PHARMACIST_SIGNATURE_INVALID /evidence/1/signature'],
  ],
  [
    'CX-28c a review of other bytes',
    { evidence: reviewBy({}, world.reviewer, 'ab'.repeat(32)) },
    ['PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_DOCUMENT'],
  ],
  [
    'CX-28c a review of another number',
    { evidence: reviewBy({ hiRxno: '1' }) },
    ['PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_NUMBER'],
  ],
  [
    'GX-1-2-2 a reviewer whose licence was over',
    { reference: registered(world.REVIEWER, { licensed: [overBefore] }) },
    ['PHARMACIST_NOT_LICENSED /evidence/1/signer LICENCE_NOT_VALID'],
  ],
  [
    'GX-1-2-2 a reviewer of another hospital',
    { reference: registered(world.REVIEWER, { institutionId: 'H-2' }) },
    ['PHARMACIST_NOT_LICENSED /evidence/1/signer OTHER_INSTITUTION'],
  ],
  [
    'GX-1-2-2 a review made for another hospital',
    { evidence: reviewBy({ institutionId: 'H-2' }) },
    ['PHARMACIST_NOT_LICENSED /evidence/1/signer OTHER_INSTITUTION'],
  ],
  [
    'CX-14-1b a reviewer who is no pharmacist, with no key on record',
    { evidence: replaced(1, { signer: world.PHARMACIST }) },
    [
      'PHARMACIST_NOT_LICENSED /evidence/1/signer NO_SUCH_PHARMACIST',
      'PHARMACIST_SIGNATURE_INVALID /evidence/1/signature',
    ],
  ],
  [
    'CX-21h a statement by nobody',
    { evidence: consentBy({}, world.stranger) },
    ['PATIENT_CONSENT_MISSING /evidence/2/signature NO_KEY_ON_RECORD_MADE_IT'],
  ],
  [
    'CX-21h a statement about another person',
    { evidence: consentBy({ certNo: '1' }) },
    ['PATIENT_CONSENT_MISSING /evidence/2/content OTHER_DOCUMENT_OR_PERSON'],
  ],
  [
    'CX-21h a statement about another document',
    { evidence: consentBy({ documentSm3: 'ab'.repeat(32) }) },
    ['PATIENT_CONSENT_MISSING /evidence/2/content OTHER_DOCUMENT_OR_PERSON'],
  ],
  [
    'CX-21h a statement of something else',
    { evidence: consentBy({ statement: 'GREETING' }) },
    ['PATIENT_CONSENT_MISSING /evidence/2/content NO_STATEMENT_OF_CONSENT'],
  ],
  [
    'CX-21h a hospital is no identity authority',
    { evidence: replaced(2, { signer: world.HOSPITAL }) },
    ['PATIENT_CONSENT_MISSING /evidence/2/signer UNKNOWN_AUTHORITY'],
  ],
  [
    'CX-21h a flag',
    { evidence: replaced(2, { format: 'FLAG' }) },
    ['PATIENT_CONSENT_MISSING /evidence/2 PROVES_NOTHING'],
  ],
  [
    'CX-21h an image bound to another document',
    { evidence: evidence.with(2, world.imageProof('ab'.repeat(32), world.png())) },
    ['PATIENT_CONSENT_MISSING /evidence/2/signature OTHER_DOCUMENT_OR_PERSON'],
  ],
  [
    'CX-21h bytes that are no image',
    { evidence: evidence.with(2, world.imageProof(documentSm3, Buffer.from('signed'))) },
    ['PATIENT_CONSENT_MISSING /evidence/2/content NO_IMAGE'],
  ],
  [
    'CX-28c the document of another prescription',
    { prescriptionId: '0195a000-0000-7000-8000-000000000002' },
    ['PRESCRIPTION_TAMPERED /document', 'PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_DOCUMENT'],
  ],
];
for (const [name, change, expected] of cases) {
  test(`${name} is refused`, () => assert.deepEqual(world.shown(judge(change)), expected));
}

test('HB-42a a key that ended after it signed still proves', () => {
  const valid = { from: overBefore.from, to: new Date('2026-03-02T09:31:00+08:00') };
  assert.deepEqual(
    judge({ reference: registered(world.DOCTOR, { keys: [{ ...world.doctor.key, valid }] }) }).refused,
    [],
  );
});

test('of two keys on record the one that signed is named', () => {
  const keys = [signerOf('older').key, world.doctor.key];
  const [proof] = judge({ reference: registered(world.DOCTOR, { keys }) }).proofs;
  assert.equal(proof?.keyId, 'key-of-doctor');
});

test('nobody signs in the future', () => {
  const reviewedAt = '2026-03-02T10:06:00+08:00';
  assert.deepEqual(world.shown(judge({ evidence: reviewBy({ reviewedAt }) })), [
    'PHARMACIST_SIGNATURE_INVALID /evidence/1/signature',
  ]);
});

test('CX-21h where the profile demands no consent, none is needed, but a bad one is still refused', () => {
  const values = { patientConsentRequired: false };
  const reference = { profile: () => ({ values, version: '', region: '' }) as unknown as ResolvedProfile };
  assert.deepEqual(judge({ reference, evidence: evidence.slice(0, 2) }).refused, []);
  assert.deepEqual(world.shown(judge({ reference, evidence: replaced(2, { format: 'FLAG' }) })), [
    'PATIENT_CONSENT_MISSING /evidence/2 PROVES_NOTHING',
  ]);
});

test('a role twice, an unknown role and a list without end are refused at their place', () => {
  const twice = evidenceByRole([...evidence, { ...world.doctorProof(world.uploadOf().document) }]);
  assert.deepEqual(world.shown(twice), ['REQUEST_INVALID /evidence/3/role DUPLICATE']);
  const [first] = evidence;
  assert.ok(first);
  assert.deepEqual(world.shown(evidenceByRole([{ ...first, role: 'NURSE' }])), [
    'REQUEST_INVALID /evidence/0/role UNKNOWN_ROLE',
  ]);
  assert.deepEqual(world.shown(evidenceByRole(Array(11).fill(first))), ['REQUEST_INVALID /evidence TOO_MANY']);
});

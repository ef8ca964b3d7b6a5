import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import type { OfferedEvidence } from '@erx/proto/verification/v1/verification_service';
import { since } from '../src/domain/signer.fixture.ts';
import {
  doctor,
  doctorProof,
  HOSPITAL,
  imageProof,
  PHARMACIST,
  PHARMACY,
  PRESCRIPTION,
  patient,
  pharmacist,
  png,
  prescription,
  review,
  shown,
  uploadOf,
} from '../src/domain/world.fixture.ts';
import { authorityCall, given, hospitalCall, pharmacyCall, startTestVerification } from './support.ts';

const hub = await startTestVerification();
test.after(() => hub[Symbol.asyncDispose]());

const insurance = { poolingRegion: '420100', insuranceType: '310', status: 'ACTIVE', period: since, remoteFilings: [] };
const other = { certType: '01', certNo: '990101195001011259', name: '钱猋麤' };
/** Never identified in these tests. */
const unseenPerson = { certType: '01', certNo: '99010119600101127X', name: '孙毳焱' };
const { personIds } = given(
  await hub.gateway.importPersons(
    {
      persons: [patient, other, unseenPerson].map((each) => ({
        person: { ...each, phone: '' },
        insurances: [insurance],
        filings: [],
      })),
    },
    authorityCall(),
  ),
);

const send = (document: Uint8Array, evidence: OfferedEvidence[], prescriptionId = PRESCRIPTION) =>
  hub.gateway.checkUpload({ prescriptionId, document, evidence, hospitalId: HOSPITAL }, hospitalCall());

test('CX-28c a proved document gives the person, the medical part without the patient, and the document sealed', async () => {
  const { document, documentSm3, evidence } = uploadOf();
  const answer = given(await send(document.bytes, evidence));
  const { patient: _, ...medical } = prescription();
  assert.equal(answer.personId, personIds[0]);
  assert.deepEqual(JSON.parse(Buffer.from(answer.medicalPart).toString()), medical);
  assert.equal(answer.documentSm3, documentSm3);
  assert.equal(Buffer.from(answer.documentSealed).includes(Buffer.from(patient.name)), false);
  assert.deepEqual(
    answer.evidence.map(({ role, keyId, contentSealed, result }) => [role, keyId, contentSealed, result]),
    [
      ['DOCTOR', 'key-of-doctor', false, 'VALID'],
      ['HOSPITAL_PHARMACIST', 'key-of-reviewer', false, 'VALID'],
      ['PATIENT_CONSENT', 'key-of-authority', true, 'VALID'],
    ],
  );
  const [signed, reviewed, consented] = answer.evidence;
  assert.deepEqual([signed?.bytesSm3, signed?.content.length], [documentSm3, 0]);
  assert.equal(reviewed?.bytesSm3, sm3Hex(reviewed?.content ?? new Uint8Array()));
  assert.equal(consented?.signer, personIds[0]);
  assert.equal(Buffer.from(consented?.content ?? []).includes(Buffer.from(patient.certNo)), false);
});

test('CX-21h a handwritten consent bound to the document is proof', async () => {
  const { document, documentSm3, evidence } = uploadOf();
  const proofs = [...evidence.slice(0, 2), imageProof(documentSm3, png())];
  const answer = given(await send(document.bytes, proofs));
  assert.deepEqual([answer.evidence[2]?.format, answer.evidence[2]?.contentSealed], ['SIGNATURE_IMAGE', true]);
});

test('CX-28c bytes that changed after signing: every signature is void, all said at once', async () => {
  const { evidence } = uploadOf();
  const altered = doctor.signed(prescription({ category: '11' }));
  const outcome = await send(altered.bytes, evidence);
  assert.deepEqual(shown(outcome), [
    'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
    'PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_DOCUMENT',
    'PATIENT_CONSENT_MISSING /evidence/2/content OTHER_DOCUMENT_OR_PERSON',
  ]);
  assert.deepEqual((await hub.eventTypes()).slice(-1), ['RequestRefused']);
});

test('CX-21h no consent, and a flag instead of one, is PATIENT_CONSENT_MISSING', async () => {
  const { document, evidence } = uploadOf();
  assert.deepEqual(shown(await send(document.bytes, evidence.slice(0, 2))), [
    'PATIENT_CONSENT_MISSING /evidence MISSING',
  ]);
});

test('CX-28c a document about a misspelt or unknown person is PRESCRIPTION_TAMPERED', async () => {
  for (const named of [
    { ...patient, name: '赵犇骉骉' },
    { ...patient, certNo: '990101196101011273' },
  ]) {
    const { document, evidence } = uploadOf(prescription({ patient: named }));
    const [first] = shown(await send(document.bytes, evidence)) as string[];
    assert.equal(first, 'PRESCRIPTION_TAMPERED /document');
  }
});

test('HB-24b a document about another known person is answered with that person’s id, for issuing to compare', async () => {
  const { document, evidence, documentSm3 } = uploadOf(prescription({ patient: other }));
  const handwritten = imageProof(documentSm3, png());
  const answer = given(await send(document.bytes, [...evidence.slice(0, 2), handwritten]));
  assert.equal(answer.personId, personIds[1]);
});

test('an upload goes on while registry is away, for a person seen at the pre-check; for others it is unavailable', async () => {
  given(await hub.gateway.identify({ person: { ...patient, phone: '' } }, hospitalCall()));
  const { document, evidence } = uploadOf();
  const unseen = uploadOf(prescription({ patient: unseenPerson }));
  await hub.registry.away();
  try {
    given(await send(document.bytes, evidence));
    await assert.rejects(async () => send(unseen.document.bytes, unseen.evidence), { name: 'UnavailableError' });
  } finally {
    await hub.registry.back();
  }
});

test('documents that are none, in every shape, are REQUEST_INVALID and never a failure', async () => {
  const text = JSON.stringify(prescription());
  const nonsense = ['', '[]', '{', '\ufeff{}', `${'['.repeat(60_000)}${']'.repeat(60_000)}`, 'null', '"x"', '{}'];
  const bytes = [
    ...nonsense.map((each) => Buffer.from(each)),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(text.replace('"category"', '"doctorId":"D","category"')),
    Buffer.from(text.replace('"name":"赵', '"phone":"1","name":"赵')),
    Buffer.from(text.replace('"prescribedAt":"2026-03-02', '"prescribedAt":"2026-02-30')),
    Buffer.alloc(200_000, 0x20),
  ];
  for (const document of bytes) {
    const outcome = await send(document, []);
    assert.ok('refused' in outcome, document.subarray(0, 40).toString());
    for (const { code, field } of outcome.refused) assert.deepEqual([code, field], ['REQUEST_INVALID', '/document']);
  }
});

test('HB-28a a review signed at the pharmacy gives its opinion and the proof', async () => {
  const sm3 = 'cd'.repeat(32);
  const ask = (change: Record<string, unknown>, more: object = {}) => {
    const content = { reviewer: PHARMACIST, institutionId: PHARMACY, ...change };
    const { bytes: document, signature } = pharmacist.signed(review(sm3, content));
    const about = {
      institutionId: PHARMACY,
      prescriptionId: PRESCRIPTION,
      prescriptionSm3: sm3,
      signerKind: 'PHARMACIST',
    };
    return hub.dispensing.checkReview({ document, signer: PHARMACIST, signature, ...about, ...more }, pharmacyCall());
  };
  const approved = given(await ask({}));
  assert.deepEqual(
    [approved.opinion, approved.evidence?.role, approved.evidence?.signer],
    ['APPROVED', 'PHARMACIST', PHARMACIST],
  );
  assert.equal(approved.evidence?.signedAt?.toISOString(), '2026-03-02T01:45:00.000Z');
  const refused = given(await ask({ opinion: 'REFUSED', rationalUse: 'FAIL', reason: '用法用量需与医师确认' }));
  assert.deepEqual([refused.opinion, refused.reason], ['REFUSED', '用法用量需与医师确认']);
  assert.deepEqual(shown(await ask({ opinion: 'REFUSED', reason: ' ' })), ['REQUEST_INVALID /document REASON_MISSING']);
  assert.deepEqual(shown(await ask({ rationalUse: 'FAIL' })), ['REVIEW_FAILED /document']);
  assert.deepEqual(shown(await ask({}, { signerKind: 'DOCTOR' })), ['REQUEST_INVALID /signerKind UNKNOWN_VALUE']);
  assert.deepEqual(shown(await ask({}, { prescriptionSm3: 'ef'.repeat(32) })), [
    'PRESCRIPTION_TAMPERED /document REVIEW_OF_ANOTHER_DOCUMENT',
  ]);
  assert.deepEqual(shown(await ask({}, { document: new Uint8Array() })), ['PHARMACIST_REVIEW_MISSING /document EMPTY']);
});

test('DOCTOR_SIGNATURE_INVALID the doctor’s proof over another prescription proves nothing here', async () => {
  const { document, evidence } = uploadOf();
  const foreign = doctor.signed(prescription({ prescriptionId: 'another' }));
  const outcome = await send(document.bytes, [doctorProof(foreign), ...evidence.slice(1)]);
  assert.deepEqual(shown(outcome), ['DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { sm3Hex } from '@erx/gm';
import { practitioner, since } from '../src/domain/signer.fixture.ts';
import * as world from '../src/domain/world.fixture.ts';
import { authorityCall, given, hospitalCall, startTestVerification } from './support.ts';

// Each way a doctor's signature can be wrong, asked of the service itself; the refusal says which.
const retired = { ...world.doctor.key, valid: { from: since.from, to: new Date('2026-03-02T09:30:00+08:00') } };
const doctors = new Map([
  ['D-RETIRED-KEY', { institutionId: world.HOSPITAL, keys: [retired] }],
  ['D-ELSEWHERE', { institutionId: 'H-2', keys: [world.doctor.key] }],
]);
const reference = {
  ...world.reference,
  practitioner(id: string) {
    const known = doctors.get(id);
    return known === undefined
      ? world.reference.practitioner(id)
      : practitioner({ practitionerId: id, kind: 'DOCTOR', ...known });
  },
};
const hub = await startTestVerification({ reference });
test.after(() => hub[Symbol.asyncDispose]());

const insurance = { poolingRegion: '420100', insuranceType: '310', status: 'ACTIVE', period: since, remoteFilings: [] };
const person = { ...world.patient, phone: '' };
given(
  await hub.gateway.importPersons({ persons: [{ person, insurances: [insurance], filings: [] }] }, authorityCall()),
);

type Upload = ReturnType<typeof world.uploadOf>;
const { PRESCRIPTION: prescriptionId, HOSPITAL: hospitalId } = world;
const { shown } = world;

async function send({ document, evidence }: Upload) {
  return hub.gateway.checkUpload({ prescriptionId, document: document.bytes, evidence, hospitalId }, hospitalCall());
}
const withSignature = (upload: Upload, change: { signature?: string; signer?: string }): Upload => {
  const [doctor, ...others] = upload.evidence;
  if (doctor === undefined) throw new Error('no evidence');
  return { ...upload, evidence: [{ ...doctor, ...change }, ...others] };
};

test('HB-42a one flipped bit of the signature, wherever it is, is DOCTOR_SIGNATURE_INVALID', async () => {
  const upload = world.uploadOf();
  for (const place of [0, 31, 32, 63]) {
    const signature = Buffer.from(upload.document.signature, 'base64');
    signature.writeUInt8(signature.readUInt8(place) ^ 1, place);
    assert.deepEqual(shown(await send(withSignature(upload, { signature: signature.toString('base64') }))), [
      'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
    ]);
  }
  given(await send(upload));
});

test('HB-42a CX-28c one flipped bit of the document voids the signature and whatever was bound to it', async () => {
  const upload = world.uploadOf();
  const bytes = Buffer.from(upload.document.bytes);
  const place = bytes.indexOf('口服') + 2;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  assert.deepEqual(shown(await send({ ...upload, document: { ...upload.document, bytes } })), [
    'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
    'PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_DOCUMENT',
    'PATIENT_CONSENT_MISSING /evidence/2/content OTHER_DOCUMENT_OR_PERSON',
  ]);
});

test('HB-42a another key than the doctor’s is DOCTOR_SIGNATURE_INVALID', async () => {
  const upload = world.uploadOf();
  const signature = world.stranger.sign(upload.document.bytes);
  assert.deepEqual(shown(await send(withSignature(upload, { signature }))), [
    'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
  ]);
});

test('HB-42a the doctor’s key that was not valid when it was signed is DOCTOR_SIGNATURE_INVALID', async () => {
  const doctorId = 'D-RETIRED-KEY';
  const after = withSignature(world.uploadOf(world.prescription({ doctorId })), { signer: doctorId });
  assert.deepEqual(shown(await send(after)), [
    'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
  ]);
  // A moment earlier the same key was good.
  const prescribedAt = '2026-03-02T09:29:59+08:00';
  given(
    await send(withSignature(world.uploadOf(world.prescription({ doctorId, prescribedAt })), { signer: doctorId })),
  );
});

test('GX-3h HB-42a a signer who is none here: of another hospital, not the prescriber, nobody', async () => {
  const doctorId = 'D-ELSEWHERE';
  const elsewhere = withSignature(world.uploadOf(world.prescription({ doctorId })), { signer: doctorId });
  assert.deepEqual(shown(await send(elsewhere)), ['DOCTOR_NOT_AT_INSTITUTION /evidence/0/signer']);
  const upload = world.uploadOf();
  const signature = world.endorser.sign(upload.document.bytes);
  const colleague = withSignature(upload, { signer: world.ENDORSER, signature });
  assert.deepEqual(shown(await send(colleague)), ['DOCTOR_SIGNATURE_INVALID /evidence/0/signer NOT_THE_PRESCRIBER']);
  const nobody = withSignature(world.uploadOf(world.prescription({ doctorId: 'D-NOBODY' })), { signer: 'D-NOBODY' });
  assert.deepEqual(shown(await send(nobody)), ['DOCTOR_SIGNATURE_INVALID /evidence/0/signer UNKNOWN_DOCTOR']);
});

test('HB-42a the doctor’s own signature, made over other content, is DOCTOR_SIGNATURE_INVALID', async () => {
  const upload = world.uploadOf();
  const { signature } = world.uploadOf(world.prescription({ category: '11' })).document;
  assert.deepEqual(shown(await send(withSignature(upload, { signature }))), [
    'DOCTOR_SIGNATURE_INVALID /evidence/0/signature NO_KEY_ON_RECORD_MADE_IT',
  ]);
});

test('CX-28c a document rightly signed for another prescription is PRESCRIPTION_TAMPERED', async () => {
  const other = '0195a000-0000-7000-8000-000000000002';
  const upload = world.uploadOf(world.prescription({ prescriptionId: other }));
  const [, , consent] = upload.evidence;
  const review = world.reviewProof(world.reviewer.signed(world.review(upload.documentSm3, { prescriptionId: other })));
  assert.ok(consent);
  const evidence = [world.doctorProof(upload.document), review, consent];
  assert.deepEqual(shown(await send({ ...upload, evidence })), [
    'PRESCRIPTION_TAMPERED /document',
    'PRESCRIPTION_TAMPERED /evidence/1/content REVIEW_OF_ANOTHER_DOCUMENT',
  ]);
});

test('HB-22-0 an endorsement is checked for issuing: the proof, or every reason against it', async () => {
  const prescriptionSm3 = sm3Hex(world.uploadOf().document.bytes);
  const ask = (change: Record<string, unknown>, signer = world.endorser) => {
    const { bytes: document, signature } = signer.signed(world.endorsement(prescriptionSm3, change));
    const about = { hospitalId, prescriptionId, prescriptionSm3 };
    return hub.issuing.checkEndorsement({ document, signature, doctorId: world.ENDORSER, ...about }, hospitalCall());
  };
  const { evidence } = given(await ask({}));
  assert.deepEqual(
    [evidence?.role, evidence?.signer, evidence?.keyId],
    ['ENDORSEMENT', world.ENDORSER, 'key-of-endorser'],
  );
  assert.deepEqual(shown(await ask({ prescriptionSm3: 'ab'.repeat(32) }, world.stranger)), [
    'PRESCRIPTION_TAMPERED /document ENDORSEMENT_OF_ANOTHER_DOCUMENT',
    'DOCTOR_SIGNATURE_INVALID /signature NO_KEY_ON_RECORD_MADE_IT',
  ]);
});

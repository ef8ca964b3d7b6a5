import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { isRefused } from '@erx/errors';
import { PrescriptionCirculating } from '@erx/proto/issuing/v1/issuing_events';
import type { PrecheckRequest, PrecheckResponse } from '@erx/proto/issuing/v1/issuing_service';
import { secretFile } from '@erx/testkit';
import { rxQr } from '@erx/values';
import { D1, DR1, filing, H3, heart, ISSUED_AT, insurance, lung, open } from '../src/domain/precheck.fixture.ts';
import { asHospital, entitled, PHARMACIST, prescribed, proof, signedContent, uploadOf } from './hospital.ts';
import { accepted, shown, startTestIssuing } from './support.ts';

const issuing = await startTestIssuing();
test.after(() => issuing[Symbol.asyncDispose]());
const { gateway, registry, database } = issuing;

async function prechecked(): Promise<{ request: PrecheckRequest; answer: PrecheckResponse }> {
  const request = prescribed(randomUUID());
  registry.entitlements.set(request.patient?.personId ?? '', entitled());
  return { request, answer: accepted(await gateway.precheck(request, asHospital())) };
}

const SIGNED_AT = '2025-06-06T09:40:00+08:00';

async function kept(prescriptionId: string) {
  const { status, documentSm3, steps } = accepted(await gateway.getPrescription({ prescriptionId }, asHospital()));
  const [row] = await database.sql<{ evidence: number; events: number }[]>`
    select (select count(*)::int from evidence where prescription_id = ${prescriptionId}) as evidence,
           (select count(*)::int from outbox
            where key = ${prescriptionId} and type = 'erx.issuing.v1.PrescriptionCirculating') as events`;
  return { status, documentSm3, steps: steps.map(({ name }) => name), ...row };
}

const UNTOUCHED = { status: 'PRECHECKED', documentSm3: '', steps: ['PRECHECKED'], evidence: 0, events: 0 };

test('CX-21f CX-21g CX-21h signed, reviewed, consented and circulating in one step, each with who did it', async () => {
  const { request, answer } = await prechecked();
  issuing.clock.set(SIGNED_AT);
  const upload = uploadOf(request, answer);
  const uploaded = accepted(await gateway.upload(upload, asHospital()));
  assert.deepEqual(uploaded, {
    prescriptionId: answer.prescriptionId,
    hiRxno: answer.hiRxno,
    rxTraceCode: answer.rxTraceCode,
    qr: uploaded.qr,
    status: 'CIRCULATING',
    circulatingAt: new Date(SIGNED_AT),
  });
  const read = accepted(await gateway.getPrescription({ prescriptionId: answer.prescriptionId }, asHospital()));
  assert.deepEqual(
    read.steps.map(({ name, actor, at }) => [name, actor?.operator, at?.toISOString()]),
    [
      ['PRECHECKED', DR1.practitionerId, ISSUED_AT.toISOString()],
      ['SIGNED', DR1.practitionerId, new Date(SIGNED_AT).toISOString()],
      ['REVIEWED', PHARMACIST, new Date(SIGNED_AT).toISOString()],
      ['CONSENTED', DR1.practitionerId, new Date(SIGNED_AT).toISOString()],
      ['CIRCULATING', DR1.practitionerId, new Date(SIGNED_AT).toISOString()],
    ],
  );
  assert.equal(read.documentSm3, upload.documentSm3);
  assert.deepEqual(read.patient, request.patient);
});

test('GX-3b the QR text is the trace code with the MAC that dispensing computes by the shared key', async () => {
  const { request, answer } = await prechecked();
  const { qr, rxTraceCode } = accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  const mac = createHmac('sha256', readFileSync(secretFile('qr.key')))
    .update(rxTraceCode)
    .digest();
  assert.equal(qr, rxQr(rxTraceCode, mac));
  assert.equal(qr.length, 27);
});

test('the event of an upload carries everything that dispensing needs, with its places and its cause', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  accepted(await gateway.upload(upload, asHospital()));
  const events = await database.sql<{ eventId: string; headers: string; payload: Uint8Array }[]>`
    select event_id as "eventId", headers, payload from outbox where key = ${answer.prescriptionId} order by seq`;
  const [checked, circulating] = events;
  const headers = JSON.parse(circulating?.headers ?? '{}') as Record<string, string>;
  assert.equal(headers['ce_territory'], '420106,420100');
  assert.equal(headers['ce_causationid'], checked?.eventId);
  const { context, evidence, ...facts } = PrescriptionCirculating.decode(circulating?.payload ?? new Uint8Array());
  assert.deepEqual(facts, {
    prescriptionId: answer.prescriptionId,
    hiRxno: answer.hiRxno,
    rxTraceCode: answer.rxTraceCode,
    hospitalId: 'H42010600001',
    doctorId: DR1.practitionerId,
    hospitalPharmacistId: PHARMACIST,
    patient: request.patient,
    documentSealed: upload.documentSealed,
    documentSm3: upload.documentSm3,
    category: '110202',
    diagnoses: [lung],
    lines: answer.lines,
    prescribedAt: ISSUED_AT,
    validUntil: answer.validUntil,
    replaces: '',
    insurance: {
      personId: request.patient?.personId,
      poolingRegion: '420100',
      insuranceType: '310',
      active: true,
      remoteFilingRegions: [],
    },
  });
  assert.deepEqual(
    evidence.map(({ role, signer, contentSealed, result }) => [role, signer, contentSealed, result]),
    upload.evidence.map(({ role, signer, contentSealed, result }) => [role, signer, contentSealed, result]),
  );
  assert.deepEqual(context?.judgement?.listVersions, [`${D1.drugCode}@1`]);
});

test('GX-3k bytes, hash and evidence are kept as they came, two years beyond validity, and cannot be rewritten', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  accepted(await gateway.upload(upload, asHospital()));
  const id = answer.prescriptionId;
  const rows = await database.sql<{ role: string; content: Uint8Array; signature: string; until: string }[]>`
    select role, content, signature, retain_until as until from evidence where prescription_id = ${id} order by role`;
  assert.deepEqual(
    rows.map(({ role, content, signature }) => [role, Buffer.from(content).toString(), signature]),
    upload.evidence
      .toSorted((a, b) => (a.role < b.role ? -1 : 1))
      .map(({ role, content, signature }) => [role, Buffer.from(content).toString(), signature]),
  );
  const [row] = await database.sql<{ documentSealed: Uint8Array; retainUntil: string }[]>`
    select document_sealed as "documentSealed", retain_until as "retainUntil" from prescription
    where prescription_id = ${id}`;
  assert.deepEqual(row?.documentSealed, upload.documentSealed);
  assert.deepEqual(new Date(row?.retainUntil ?? ''), new Date('2027-06-09T09:30:00+08:00'));
  assert.deepEqual([...new Set(rows.map(({ until }) => until))], [row?.retainUntil]);
  await assert.rejects(database.sql`update evidence set signature = 'other' where prescription_id = ${id}`);
  await assert.rejects(database.sql`update step set actor_operator = 'other' where prescription_id = ${id}`);
});

test('GX-3k what is still to be kept cannot be deleted', async () => {
  issuing.clock.set(new Date().toISOString());
  const request = prescribed(randomUUID(), { prescribedAt: issuing.clock.now() });
  const effective = { insurances: [insurance()], filings: [filing(D1, { benefit: open })] };
  registry.entitlements.set(request.patient?.personId ?? '', effective);
  const answer = accepted(await gateway.precheck(request, asHospital()));
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
  issuing.clock.set(SIGNED_AT);
  const id = answer.prescriptionId;
  await assert.rejects(database.sql`delete from evidence where prescription_id = ${id}`, /evidence is retained/);
  await assert.rejects(
    database.sql`delete from prescription where prescription_id = ${id}`,
    /prescription is retained/,
  );
});

test('CX-28c a document that says otherwise than the pre-check is refused PRESCRIPTION_TAMPERED with the places', async () => {
  const { request, answer } = await prechecked();
  const content = signedContent(request, answer);
  const altered = {
    ...content,
    lines: content.lines.map((line) => ({ ...line, quantity: '2' })),
    diagnoses: [heart],
    remark: 'free text',
  };
  const outcome = await gateway.upload(uploadOf(request, answer, { content: altered }), asHospital());
  assert.deepEqual(shown(outcome), ['PRESCRIPTION_TAMPERED /document']);
  const detail = isRefused(outcome) ? outcome.refused[0]?.detail : undefined;
  assert.deepEqual(detail?.['pointers']?.split(' '), [
    '/diagnoses/0/code',
    '/diagnoses/0/name',
    '/lines/0/quantity',
    '',
  ]);
  assert.deepEqual(await kept(answer.prescriptionId), UNTOUCHED);
  const garbled = uploadOf(request, answer, { upload: { medicalPart: Buffer.from([0xff, 0x7b]) } });
  assert.deepEqual(shown(await gateway.upload(garbled, asHospital())), ['PRESCRIPTION_TAMPERED /document']);
});

test('a document for another person than the pre-check is refused PRESCRIPTION_TAMPERED', async () => {
  const { request, answer } = await prechecked();
  const other = uploadOf(request, answer, { upload: { personId: randomUUID() } });
  assert.deepEqual(shown(await gateway.upload(other, asHospital())), ['PRESCRIPTION_TAMPERED /document']);
  assert.deepEqual(await kept(answer.prescriptionId), UNTOUCHED);
});

test('HB-42a CX-21g CX-21h missing evidence is refused, all at once, and a failed upload may be mended', async () => {
  const { request, answer } = await prechecked();
  const without = (role: string) => gateway.upload(uploadOf(request, answer, { without: role }), asHospital());
  assert.deepEqual(shown(await without('DOCTOR')), ['DOCTOR_SIGNATURE_INVALID /evidence']);
  assert.deepEqual(shown(await without('HOSPITAL_PHARMACIST')), ['REVIEW_MISSING /evidence']);
  assert.deepEqual(shown(await without('PATIENT_CONSENT')), ['PATIENT_CONSENT_MISSING /evidence']);
  const nothing = uploadOf(request, answer, { upload: { evidence: [] } });
  assert.deepEqual(shown(await gateway.upload(nothing, asHospital())), [
    'DOCTOR_SIGNATURE_INVALID /evidence',
    'REVIEW_MISSING /evidence',
    'PATIENT_CONSENT_MISSING /evidence',
  ]);
  assert.deepEqual(await kept(answer.prescriptionId), UNTOUCHED);
  accepted(await gateway.upload(uploadOf(request, answer), asHospital()));
});

test('HB-42a a signature by another doctor, or over another document, is refused DOCTOR_SIGNATURE_INVALID', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  const [, ...others] = upload.evidence;
  const signedBy = (signer: string, sm3: string) => ({
    ...upload,
    evidence: [proof('DOCTOR', signer, 'SM2_RAW', sm3), ...others],
  });
  const byOther = signedBy('D420106000099', upload.documentSm3);
  assert.deepEqual(shown(await gateway.upload(byOther, asHospital())), ['DOCTOR_SIGNATURE_INVALID /evidence']);
  const overOther = signedBy(DR1.practitionerId, 'ab'.repeat(32));
  assert.deepEqual(shown(await gateway.upload(overOther, asHospital())), ['DOCTOR_SIGNATURE_INVALID /evidence']);
});

test('two proofs of one role, or a role that nobody knows, are refused with their places', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  const [doctor] = upload.evidence;
  if (doctor === undefined) throw new Error('no evidence');
  const evidence = [...upload.evidence, doctor, { ...doctor, role: 'WITNESS' }];
  assert.deepEqual(shown(await gateway.upload({ ...upload, evidence }, asHospital())), [
    'REQUEST_INVALID /evidence/3/role DUPLICATE',
    'REQUEST_INVALID /evidence/4/role UNKNOWN_VALUE',
  ]);
});

test('a prescription that came too late for its validity is refused PRESCRIPTION_EXPIRED', async () => {
  const { request, answer } = await prechecked();
  issuing.clock.set('2025-06-09T09:30:00+08:00');
  const outcome = await gateway.upload(uploadOf(request, answer), asHospital());
  issuing.clock.set(SIGNED_AT);
  assert.deepEqual(shown(outcome), ['PRESCRIPTION_EXPIRED']);
  assert.deepEqual(await kept(answer.prescriptionId), UNTOUCHED);
});

test('GJ-6a another hospital’s prescription is not found: neither uploaded nor read', async () => {
  const { request, answer } = await prechecked();
  const other = asHospital(undefined, undefined, H3.institutionId);
  const { prescriptionId } = answer;
  assert.deepEqual(shown(await gateway.upload(uploadOf(request, answer), other)), [
    'PRESCRIPTION_NOT_FOUND /prescriptionId',
  ]);
  assert.deepEqual(shown(await gateway.getPrescription({ prescriptionId }, other)), [
    'PRESCRIPTION_NOT_FOUND /prescriptionId',
  ]);
  for (const unknown of [randomUUID(), 'no uuid', '']) {
    assert.deepEqual(shown(await gateway.getPrescription({ prescriptionId: unknown }, asHospital())), [
      'PRESCRIPTION_NOT_FOUND /prescriptionId',
    ]);
  }
  assert.deepEqual(await kept(prescriptionId), UNTOUCHED);
});

test('a pre-check leads to one prescription: a second upload with another key is refused, at once or later', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  const outcomes = await Promise.all([gateway.upload(upload, asHospital()), gateway.upload(upload, asHospital())]);
  assert.deepEqual(outcomes.map(shown).toSorted(), [[], ['INVALID_STATE_TRANSITION']]);
  const before = await kept(answer.prescriptionId);
  assert.equal(before.status, 'CIRCULATING');
  assert.deepEqual([before.evidence, before.events], [3, 1]);
  assert.deepEqual(shown(await gateway.upload(upload, asHospital())), ['INVALID_STATE_TRANSITION']);
  assert.deepEqual(await kept(answer.prescriptionId), before);
});

test('a repeated upload gets the first answer; its key with other content is refused IDEMPOTENCY_KEY_REUSED', async () => {
  const { request, answer } = await prechecked();
  const upload = uploadOf(request, answer);
  const key = randomUUID();
  const [first, second] = await Promise.all([
    gateway.upload(upload, asHospital(key)),
    gateway.upload(upload, asHospital(key)),
  ]);
  assert.deepEqual(accepted(first), second);
  assert.deepEqual(await gateway.upload(upload, asHospital(key)), first);
  assert.deepEqual(shown(await gateway.upload(upload, asHospital(key, 'other'))), ['IDEMPOTENCY_KEY_REUSED']);
  assert.equal((await kept(answer.prescriptionId)).events, 1);
});

test('with registry away an upload goes on', async () => {
  const { request, answer } = await prechecked();
  await registry.stop();
  const outcome = await gateway.upload(uploadOf(request, answer), asHospital());
  await registry.start();
  assert.equal(accepted(outcome).status, 'CIRCULATING');
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { sm3Hex, verify } from '@erx/gm';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { makeWorld } from '../world/world.ts';
import { prescriptionContent, signed } from './documents.ts';
import { doctorEvidence, reviewEvidence } from './hospital.ts';
import { handwrittenConsent, IdentityAuthority } from './identity-authority.ts';
import { signatureImage } from './signature-image.ts';
import type { Prechecked, Prescribed } from './types.ts';

const world = makeWorld('1');
const [doctor] = world.doctors;
const [reviewer] = world.hospitalPharmacists;
const [person] = world.persons;
assert.ok(doctor && reviewer && person);
const { record, signer } = world.identityAuthority;
const authority = new IdentityAuthority(record.institutionId, signer.privateKey);
const at = new Date('2026-01-31T00:30:00Z');
const bytesOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64');

const prescribed: Prescribed = {
  patient: person.record,
  doctorId: doctor.record.practitionerId,
  category: '110202',
  prescribedAt: '2026-01-31T08:30:00+08:00',
  diagnoses: [{ code: 'C34.900x001', name: '肺恶性肿瘤' }],
  lines: [{ drugCode: 'X', quantity: '1', days: 30, usage: '口服' }],
  outflowReason: 'TEMPORARILY_UNABLE',
};
const prechecked: Prechecked = {
  prescriptionId: 'p',
  hiRxno: 'n',
  rxTraceCode: 't',
  validUntil: '2026-02-03T08:30:00+08:00',
  lines: [
    {
      lineNo: 1,
      drugCode: 'X',
      genericName: '药',
      specification: '80mg',
      quantity: '1',
      days: 30,
      usage: '口服',
      drugClass: 'SEPARATE_PAY',
    },
  ],
  profileVersion: '100000@1',
};
const document = signed(doctor.signer.privateKey, prescriptionContent(prescribed, prechecked, 'H1'));

describe('what is signed', () => {
  test('the doctor signs the exact bytes of erx.prescription.v1, without what only the hub knows', () => {
    assert.ok(verify(doctor.signer.publicKey, document.bytes, document.signature));
    const content = JSON.parse(Buffer.from(document.bytes).toString());
    assert.equal(content.schema, 'erx.prescription.v1');
    assert.deepEqual(Object.keys(content.patient), ['certType', 'certNo', 'name']);
    assert.deepEqual(content.lines, [
      { lineNo: 1, drugCode: 'X', genericName: '药', specification: '80mg', quantity: '1', days: 30, usage: '口服' },
    ]);
    assert.equal(doctorEvidence('D', document).signature, document.signature);
  });

  test('a review is bound to the document by its SM3', () => {
    const { content, signature } = reviewEvidence(reviewer.signer.privateKey, document.bytes, {
      prescriptionId: 'p',
      hiRxno: 'n',
      reviewer: reviewer.record.practitionerId,
      institutionId: 'H1',
      opinion: 'APPROVED',
      reviewedAt: at,
    });
    assert.ok(verify(reviewer.signer.publicKey, bytesOf(content), signature));
    const review = JSON.parse(bytesOf(content).toString());
    assert.equal(review.prescriptionSm3, sm3Hex(document.bytes));
    assert.deepEqual([review.rationalUse, review.payment, review.opinion], ['PASS', 'PASS', 'APPROVED']);
    assert.equal(review.reviewedAt, '2026-01-31T08:30:00+08:00');
  });

  test('the authority’s consent names document and person', () => {
    const { content, signature, signer: who } = authority.consent('ab', person.record, at);
    assert.ok(verify(signer.publicKey, bytesOf(content), signature));
    assert.equal(who, record.institutionId);
    assert.deepEqual(JSON.parse(bytesOf(content).toString()), {
      schema: 'erx.consent.v1',
      documentSm3: 'ab',
      certNo: person.record.certNo,
      statement: 'OUTFLOW_CONSENT',
      at: '2026-01-31T08:30:00+08:00',
    });
  });

  test('a handwritten consent is tied to the document', () => {
    const image = signatureImage(7);
    const evidence = handwrittenConsent('ab', image);
    assert.equal(evidence.signature, sm3Hex(Buffer.concat([Buffer.from('ab'), image])));
    assert.deepEqual(bytesOf(evidence.content), Buffer.from(image));
  });

  test('a credential is payload and signature in base64url', () => {
    const [payload = '', signature = ''] = authority.credential(person.record, 'P1', at).split('.');
    const bytes = Buffer.from(payload, 'base64url');
    const base64 = Buffer.from(signature, 'base64url').toString('base64');
    assert.ok(verify(signer.publicKey, bytes, base64));
    const content = JSON.parse(bytes.toString());
    assert.equal(content.institutionId, 'P1');
    assert.equal(content.faceMatch, true);
    assert.ok(Date.parse(content.expiresAt) > Date.parse(content.issuedAt));
  });
});

describe('what else the programs make', () => {
  test('a signature image is a small PNG, another one for each patient', () => {
    const image = Buffer.from(signatureImage(1));
    assert.equal(image.subarray(1, 4).toString(), 'PNG');
    assert.ok(image.length < 65_536);
    assert.notDeepEqual(image, Buffer.from(signatureImage(2)));
    const data = image.indexOf('IDAT') + 4;
    const length = image.readUInt32BE(data - 8);
    assert.equal(inflateSync(image.subarray(data, data + length)).length, 32 * 97);
  });

  test('a client key signs assertions that its registered public key verifies', async () => {
    const [client] = world.clients;
    assert.ok(client);
    assert.equal(client.record.jwks.keys[0]?.d, undefined);
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(client.key, 'ES256'));
    await jwtVerify(token, await importJWK({ ...client.record.jwks.keys[0] } as never, 'ES256'));
  });
});

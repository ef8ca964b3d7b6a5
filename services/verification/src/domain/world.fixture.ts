// Who signs what, in one small world: a hospital, a pharmacy, an identity authority, and a patient of nobody's name.
import { sm3Hex } from '@erx/gm';
import type { OfferedEvidence } from '@erx/proto/verification/v1/verification_service';
import type { Lookups } from '@erx/reference';
import { institution, practitioner, type SignedBytes, signerOf } from './signer.fixture.ts';

export const HOSPITAL = 'H42010600001';
export const PHARMACY = 'P42010600001';
export const AUTHORITY = 'IDENTITY-AUTHORITY';
export const DOCTOR = 'D420106000001';
export const ENDORSER = 'D420106000002';
export const REVIEWER = 'HY420106000001';
export const PHARMACIST = 'YS420106000001';

export const doctor = signerOf('doctor');
export const endorser = signerOf('endorser');
export const reviewer = signerOf('reviewer');
export const pharmacist = signerOf('pharmacist');
export const authority = signerOf('authority');
export const stranger = signerOf('stranger');

export const now = new Date('2026-03-02T10:00:00+08:00');
export const patient = { certType: '01', certNo: '990101194001011238', name: '赵犇骉' };
/** Collects for the patient; nobody imported this person. */
export const agent = { certType: '01', certNo: '99010119600101127X', name: '孙毳焱' };
export const PRESCRIPTION = '0195a000-0000-7000-8000-000000000001';
const HI_RXNO = '4201062026030200000000018';

const institutions = new Map(
  [
    institution({ institutionId: HOSPITAL, kind: 'HOSPITAL' }),
    institution({ institutionId: PHARMACY, kind: 'PHARMACY', division: '420111' }),
    institution({ institutionId: AUTHORITY, kind: 'AUTHORITY', division: '100000', keys: [authority.key] }),
  ].map((each) => [each.institutionId, each]),
);
const practitioners = new Map(
  [
    practitioner({ practitionerId: DOCTOR, kind: 'DOCTOR', institutionId: HOSPITAL, keys: [doctor.key] }),
    practitioner({ practitionerId: ENDORSER, kind: 'DOCTOR', institutionId: HOSPITAL, keys: [endorser.key] }),
    practitioner({
      practitionerId: REVIEWER,
      kind: 'HOSPITAL_PHARMACIST',
      institutionId: HOSPITAL,
      keys: [reviewer.key],
    }),
    practitioner({ practitionerId: PHARMACIST, kind: 'PHARMACIST', institutionId: PHARMACY, keys: [pharmacist.key] }),
  ].map((each) => [each.practitionerId, each]),
);

export const reference: Lookups = {
  institution: (id) => institutions.get(id),
  institutions: () => institutions.values(),
  practitioner: (id) => practitioners.get(id),
  drug: () => undefined,
  drugByTracePrefix: () => undefined,
  plan: () => undefined,
  profile: () => undefined,
  territory: (ids, region) =>
    [...ids.map((id) => institutions.get(id)?.division ?? ''), region ?? ''].filter((place) => place !== ''),
};

export function prescription(change: Record<string, unknown> = {}) {
  return {
    schema: 'erx.prescription.v1',
    prescriptionId: PRESCRIPTION,
    hiRxno: HI_RXNO,
    rxTraceCode: '0000000000000000000Z',
    patient,
    hospitalId: HOSPITAL,
    doctorId: DOCTOR,
    category: '110202',
    prescribedAt: '2026-03-02T09:30:00+08:00',
    validUntil: '2026-03-05T09:30:00+08:00',
    diagnoses: [{ code: 'C34.900', name: '肺恶性肿瘤' }],
    lines: [
      { lineNo: 1, drugCode: 'X', genericName: '药', specification: '80mg', quantity: '2', days: 30, usage: '口服' },
    ],
    ...change,
  };
}

export function review(documentSm3: string, change: Record<string, unknown> = {}) {
  return {
    schema: 'erx.review.v1',
    prescriptionId: PRESCRIPTION,
    hiRxno: HI_RXNO,
    prescriptionSm3: documentSm3,
    reviewer: REVIEWER,
    institutionId: HOSPITAL,
    rationalUse: 'PASS',
    payment: 'PASS',
    opinion: 'APPROVED',
    reason: '',
    reviewedAt: '2026-03-02T09:45:00+08:00',
    ...change,
  };
}

export function endorsement(prescriptionSm3: string, change: Record<string, unknown> = {}) {
  return {
    schema: 'erx.endorsement.v1',
    prescriptionId: PRESCRIPTION,
    hiRxno: HI_RXNO,
    prescriptionSm3,
    doctorId: ENDORSER,
    hospitalId: HOSPITAL,
    endorsedAt: '2026-03-02T09:55:00+08:00',
    ...change,
  };
}

export function consent(documentSm3: string, change: Record<string, unknown> = {}) {
  const at = '2026-03-02T09:50:00+08:00';
  return { schema: 'erx.consent.v1', documentSm3, certNo: patient.certNo, statement: 'OUTFLOW_CONSENT', at, ...change };
}

export function credential(change: Record<string, unknown> = {}) {
  return {
    schema: 'erx.credential.v1',
    authorityId: AUTHORITY,
    credentialId: 'credential-0001',
    kind: 'E_VOUCHER',
    ...patient,
    faceMatch: true,
    institutionId: PHARMACY,
    issuedAt: '2026-03-02T09:59:00+08:00',
    expiresAt: '2026-03-02T10:09:00+08:00',
    ...change,
  };
}

export function compact({ bytes, signature }: SignedBytes): string {
  return `${Buffer.from(bytes).toString('base64url')}.${Buffer.from(signature, 'base64').toString('base64url')}`;
}

export const doctorProof = (document: SignedBytes): OfferedEvidence => ({
  role: 'DOCTOR',
  format: 'SM2_RAW',
  signer: DOCTOR,
  content: new Uint8Array(),
  signature: document.signature,
});

export const reviewProof = ({ bytes: content, signature }: SignedBytes): OfferedEvidence => ({
  role: 'HOSPITAL_PHARMACIST',
  format: 'SM2_RAW',
  signer: REVIEWER,
  content,
  signature,
});

export const statementProof = ({ bytes: content, signature }: SignedBytes): OfferedEvidence => ({
  role: 'PATIENT_CONSENT',
  format: 'AUTHORITY_STATEMENT',
  signer: AUTHORITY,
  content,
  signature,
});

export const imageProof = (documentSm3: string, content: Uint8Array): OfferedEvidence => ({
  role: 'PATIENT_CONSENT',
  format: 'SIGNATURE_IMAGE',
  signer: '',
  content,
  signature: sm3Hex(Buffer.concat([Buffer.from(documentSm3), content])),
});

/** A signed prescription with everything that proves it. */
export function uploadOf(content: unknown = prescription()) {
  const document = doctor.signed(content);
  const documentSm3 = sm3Hex(document.bytes);
  return {
    document,
    documentSm3,
    evidence: [
      doctorProof(document),
      reviewProof(reviewer.signed(review(documentSm3))),
      statementProof(authority.signed(consent(documentSm3))),
    ],
  };
}

/** The frame of a PNG, which is all that the hub looks at. */
export function png(size = 200): Uint8Array {
  const image = Buffer.alloc(size, 7);
  image.set(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  image.set(Buffer.from('0000000049454e44ae426082', 'hex'), size - 12);
  return new Uint8Array(image);
}

/** `code field problem` of every refusal. */
export function shown(outcome: unknown): unknown {
  const { refused } = outcome as { refused?: { code: string; field?: string; detail?: Record<string, string> }[] };
  if (refused === undefined || refused.length === 0) return outcome;
  return refused.map(({ code, field, detail }) => [code, field, detail?.['problem']].filter(Boolean).join(' '));
}

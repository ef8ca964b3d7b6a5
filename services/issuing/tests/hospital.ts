import { createHash, randomUUID } from 'node:crypto';
import type { Evidence } from '@erx/proto/issuing/v1/issuing_events';
import type { PrecheckRequest, PrecheckResponse, UploadRequest } from '@erx/proto/issuing/v1/issuing_service';
import type { GetEntitlementResponse } from '@erx/proto/registry/v1/registry_service';
import { actorOf, type CallContext } from '@erx/rpc';
import { formatDecimal, formatInstant, QUANTITY_SCALE } from '@erx/values';
import { D1, DR1, filing, H1, ISSUED_AT, insurance, line, lung } from '../src/domain/precheck.fixture.ts';

/** A hospital's own call; every key is a new request, and its hash stands for the body. */
export function asHospital(key: string = randomUUID(), hash = key, institutionId = H1.institutionId): CallContext {
  const actor = actorOf({
    clientId: `his-${institutionId}`,
    role: 'HOSPITAL',
    institutionId,
    operator: DR1.practitionerId,
  });
  return { actor, request: { clientId: actor.clientId, key, hash } };
}

export const entitled = (): GetEntitlementResponse => ({ insurances: [insurance()], filings: [filing(D1)] });

const sealed = (text: string): Uint8Array => createHash('sha256').update(text).digest();

/** PT1's prescription of one box of D1 by DR1 at H1. */
export function prescribed(personId: string, change: Partial<PrecheckRequest> = {}): PrecheckRequest {
  return {
    patient: { personId, nameSealed: sealed('n'), identitySealed: sealed('i'), phoneSealed: sealed('p') },
    doctorId: DR1.practitionerId,
    category: '110202',
    prescribedAt: ISSUED_AT,
    validDays: 0,
    diagnoses: [lung],
    lines: [line(D1)],
    outflowReason: 'TEMPORARILY_UNABLE',
    longPrescription: false,
    replaces: '',
    ...change,
  };
}

/** The medical part of what the doctor signs, written as a foreign program may write it: other offsets, other zeros. */
export function signedContent(request: PrecheckRequest, prechecked: PrecheckResponse) {
  const { prescriptionId, hiRxno, rxTraceCode, validUntil = new Date(0) } = prechecked;
  return {
    lines: prechecked.lines.map(({ drugClass: _, quantity, ...rest }) => ({
      ...rest,
      quantity: `${formatDecimal(quantity, QUANTITY_SCALE)}.0`,
    })),
    schema: 'erx.prescription.v1',
    prescriptionId,
    hiRxno,
    rxTraceCode,
    hospitalId: H1.institutionId,
    doctorId: request.doctorId,
    category: request.category,
    prescribedAt: formatInstant(request.prescribedAt ?? new Date(0)),
    validUntil: validUntil.toISOString(),
    diagnoses: request.diagnoses,
  };
}

export const PHARMACIST = 'Y420106000009';

/** The upload of that content, with evidence as verification has checked it. */
export function uploadOf(
  request: PrecheckRequest,
  prechecked: PrecheckResponse,
  change: { content?: object; upload?: Partial<UploadRequest>; without?: string } = {},
): UploadRequest {
  const content = change.content ?? signedContent(request, prechecked);
  const documentSm3 = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const personId = request.patient?.personId ?? '';
  const evidence = [
    proof('DOCTOR', request.doctorId, 'SM2_RAW', documentSm3),
    proof('HOSPITAL_PHARMACIST', PHARMACIST, 'SM2_RAW', createHash('sha256').update('review').digest('hex')),
    proof('PATIENT_CONSENT', personId, 'AUTHORITY_STATEMENT', createHash('sha256').update('consent').digest('hex')),
  ];
  return {
    prescriptionId: prechecked.prescriptionId,
    medicalPart: Buffer.from(JSON.stringify(content)),
    personId,
    documentSealed: sealed('document'),
    documentSm3,
    evidence: evidence.filter(({ role }) => role !== change.without),
    ...change.upload,
  };
}

export function proof(role: string, signer: string, format: string, bytesSm3: string): Evidence {
  const contentSealed = role === 'PATIENT_CONSENT';
  return {
    role,
    signer,
    format,
    bytesSm3,
    content: role === 'DOCTOR' ? new Uint8Array() : new Uint8Array(Buffer.from(`${role} says yes`)),
    contentSealed,
    signature: 'c2lnbmF0dXJl',
    keyId: 'k1',
    signedAt: role === 'DOCTOR' ? undefined : ISSUED_AT,
    result: 'VALID',
  };
}

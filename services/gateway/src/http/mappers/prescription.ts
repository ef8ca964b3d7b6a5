import type { PrescriptionLine } from '@erx/proto/common/v1/common';
import type { FillView, LineView, PrescriptionView } from '@erx/proto/dispensing/v1/dispensing_service';
import type {
  Fill,
  GetPrescriptionResponse,
  PrecheckRequest,
  PrecheckResponse,
  Step,
  UploadResponse,
} from '@erx/proto/issuing/v1/issuing_service';
import type { OfferedEvidence } from '@erx/proto/verification/v1/verification_service';
import type { Static } from 'typebox';
import type {
  Prechecked,
  Prescribed,
  PrescriptionOfHospital,
  PrescriptionOfPharmacy,
  Upload,
  Uploaded,
} from '../schemas/prescription.ts';
import { fromInstant, fromPacks, instantIf, toBytes, toInstant, toPacks } from './values.ts';

/** The medical part; the patient goes to verification and comes back sealed. */
export function toPrecheck(prescribed: Static<typeof Prescribed>): Omit<PrecheckRequest, 'patient'> {
  const { doctorId, category, diagnoses, outflowReason } = prescribed;
  return {
    doctorId,
    category,
    diagnoses,
    outflowReason,
    prescribedAt: toInstant(prescribed.prescribedAt),
    validDays: prescribed.validDays ?? 0,
    lines: prescribed.lines.map((line) => ({ ...line, quantity: toPacks(line.quantity) })),
    longPrescription: prescribed.longPrescription ?? false,
    replaces: prescribed.replaces ?? '',
  };
}

export function fromPrecheck(answer: PrecheckResponse): Static<typeof Prechecked> {
  const { prescriptionId, hiRxno, rxTraceCode } = answer;
  return {
    prescriptionId,
    hiRxno,
    rxTraceCode,
    validUntil: fromInstant(answer.validUntil),
    lines: answer.lines.map(fromLine),
    profileVersion: answer.judgement?.profileVersion ?? '',
  };
}

export function toEvidence({ evidence }: Static<typeof Upload>): OfferedEvidence[] {
  return evidence.map(({ role, format, signer = '', content, signature }) => ({
    role,
    format,
    signer,
    content: toBytes(content),
    signature,
  }));
}

export function fromUpload({ circulatingAt, ...answer }: UploadResponse): Static<typeof Uploaded> {
  return { ...answer, circulatingAt: fromInstant(circulatingAt) };
}

export function fromHospitalView(answer: GetPrescriptionResponse): Static<typeof PrescriptionOfHospital> {
  const { prescriptionId, hiRxno, rxTraceCode, status, hospitalId, doctorId, category, documentSm3 } = answer;
  return {
    prescriptionId,
    hiRxno,
    rxTraceCode,
    status,
    hospitalId,
    doctorId,
    category,
    documentSm3,
    ...instantIf('validUntil', answer.validUntil),
    lines: answer.lines.map(fromLine),
    steps: answer.steps.map(fromStep),
    ...(answer.replaces === '' ? {} : { replaces: answer.replaces }),
    ...(answer.replacedBy === '' ? {} : { replacedBy: answer.replacedBy }),
    fills: answer.fills.map(fromFill),
  };
}

function fromStep({ name, at, actor, eventId, reason }: Step) {
  const { clientId = '', role = '', institutionId = '', operator = '' } = actor ?? {};
  return {
    name,
    at: fromInstant(at),
    actor: { clientId, role, institutionId, operator },
    eventId,
    ...(reason === '' ? {} : { reason }),
  };
}

export function fromPharmacyView(view: PrescriptionView): Static<typeof PrescriptionOfPharmacy> {
  const { prescribedAt, validUntil, lockedUntil, lockId, lines, fills, patient: _sealed, ...rest } = view;
  return {
    ...rest,
    lines: lines.map(fromLineView),
    ...instantIf('prescribedAt', prescribedAt),
    ...instantIf('validUntil', validUntil),
    ...(lockId === '' ? {} : { lockId }),
    ...instantIf('lockedUntil', lockedUntil),
    fills: fills.map(fromFill),
  };
}

function fromLineView({ line, open, held, sold }: LineView) {
  if (line === undefined) throw new Error('a line without content');
  return { ...fromLine(line), open: fromPacks(open), held: fromPacks(held), sold: fromPacks(sold) };
}

function fromFill<F extends Fill | FillView>({ quantity, soldAt, ...fill }: F) {
  return { ...fill, packs: fromPacks(quantity), soldAt: fromInstant(soldAt) };
}

function fromLine({ quantity, ...line }: PrescriptionLine) {
  return { ...line, quantity: fromPacks(quantity) };
}

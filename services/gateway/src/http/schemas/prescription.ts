import Type from 'typebox';
import { clearPerson } from './person.ts';
import { Base64, Count, Instant, list, oneOf, Packs, Sm3, strict, text, Uuid } from './values.ts';

const Diagnosis = strict({ code: text(32, '医保疾病诊断代码'), name: text() });

/** Pre-check (预核验): what the doctor wants to prescribe. */
export const Prescribed = strict({
  patient: strict(clearPerson),
  doctorId: text(64, '医师代码'),
  category: text(16, '医疗类别 medical category'),
  prescribedAt: Instant,
  validDays: Type.Optional(Count(366, 1)),
  diagnoses: list(Diagnosis, 20),
  lines: list(strict({ drugCode: text(64), quantity: Packs, days: Count(366, 1), usage: text(500) }), 20),
  outflowReason: text(64, '外配原因: TEMPORARILY_UNABLE, NOT_STOCKED'),
  longPrescription: Type.Optional(Type.Boolean()),
  replaces: Type.Optional({ ...Uuid, description: '重开: the withdrawn prescription that this one replaces' }),
});

const line = {
  lineNo: Type.Integer(),
  drugCode: Type.String(),
  genericName: Type.String(),
  specification: Type.String(),
  quantity: Packs,
  days: Type.Integer(),
  usage: Type.String(),
  drugClass: Type.String(),
};

export const Prechecked = Type.Object({
  prescriptionId: Type.String(),
  hiRxno: Type.String({ description: '医保处方编号' }),
  rxTraceCode: Type.String({ description: '处方追溯码' }),
  validUntil: Instant,
  lines: Type.Array(Type.Object(line)),
  profileVersion: Type.String(),
});

const Evidence = strict({
  role: oneOf('DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT'),
  format: oneOf('SM2_RAW', 'AUTHORITY_STATEMENT', 'SIGNATURE_IMAGE'),
  signer: Type.Optional(text(64, 'practitioner or authority; nobody for a signature image')),
  content: Type.Optional(Base64(100_000, 'review document, statement or image')),
  signature: text(200, 'SM2 r‖s in Base64, or the image’s binding'),
});

export const Upload = strict({
  document: Base64(200_000, 'the exact bytes that the doctor signed, erx.prescription.v1'),
  evidence: list(Evidence, 10),
});

export const Uploaded = Type.Object({
  prescriptionId: Type.String(),
  hiRxno: Type.String(),
  rxTraceCode: Type.String(),
  qr: Type.String({ description: '处方二维码' }),
  status: Type.String(),
  circulatingAt: Instant,
});

/** 撤方. */
export const Withdrawal = strict({ reason: { ...text(500, '撤方原因'), minLength: 1 } });

/** 恢复流转: another admitted doctor signs a prescription on hold. */
export const Endorsement = strict({
  doctorId: text(64, '医师代码'),
  document: Base64(100_000, 'the exact signed bytes, erx.endorsement.v1'),
  signature: text(200, 'SM2 r‖s in Base64'),
});

/** What a withdrawal or an endorsement has led to. */
export const Standing = Type.Object({
  prescriptionId: Type.String(),
  status: Type.String({ description: 'SM-4; WAITING while a sale is in flight' }),
});

/** 配药记录: one line of one sale. */
const fill = {
  saleId: Type.String(),
  lineNo: Type.Integer(),
  packs: Packs,
  soldAt: Instant,
  state: Type.String({ description: 'SOLD, HANDED_OVER, REVERSED' }),
};

const Step = Type.Object({
  name: Type.String(),
  at: Instant,
  actor: Type.Object({
    clientId: Type.String(),
    role: Type.String(),
    institutionId: Type.String(),
    operator: Type.String(),
  }),
  eventId: Type.String(),
  reason: Type.Optional(Type.String()),
});

export const PrescriptionOfHospital = Type.Object({
  prescriptionId: Type.String(),
  hiRxno: Type.String(),
  rxTraceCode: Type.String(),
  status: Type.String({ description: 'SM-4' }),
  hospitalId: Type.String(),
  doctorId: Type.String(),
  category: Type.String(),
  documentSm3: Sm3,
  validUntil: Type.Optional(Instant),
  lines: Type.Array(Type.Object(line)),
  steps: Type.Array(Step),
  replaces: Type.Optional(Type.String({ description: '重开自' })),
  replacedBy: Type.Optional(Type.String({ description: '已重开为' })),
  fills: Type.Array(Type.Object({ ...fill, pharmacyId: Type.String(), drugCode: Type.String() })),
  patient: Type.Optional(Type.Object(clearPerson)),
});

export const PrescriptionOfPharmacy = Type.Object({
  prescriptionId: Type.String(),
  hiRxno: Type.String(),
  rxTraceCode: Type.String(),
  status: Type.String(),
  hospitalId: Type.String(),
  hospitalName: Type.String(),
  doctorId: Type.String(),
  category: Type.String(),
  diagnoses: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  lines: Type.Array(Type.Object({ ...line, open: Packs, held: Packs, sold: Packs })),
  prescribedAt: Type.Optional(Instant),
  validUntil: Type.Optional(Instant),
  documentSm3: Sm3,
  lockId: Type.Optional(Type.String({ description: 'for the holder only' })),
  lockedUntil: Type.Optional(Instant),
  fills: Type.Array(Type.Object({ ...fill, pharmacyName: Type.String() })),
});

// Answers and requests of the hub as these programs use them; the whole is in /openapi.json.

export type Person = { certType: '01'; certNo: string; name: string; phone?: string };

export type Prescribed = {
  patient: Person;
  doctorId: string;
  /** Medical category: 110202, 11. */
  category: string;
  prescribedAt: string;
  validDays?: number;
  diagnoses: { code: string; name: string }[];
  /** Quantity in packs, decimal text. */
  lines: { drugCode: string; quantity: string; days: number; usage: string }[];
  outflowReason: 'TEMPORARILY_UNABLE' | 'NOT_STOCKED';
  longPrescription?: boolean;
  /** Withdrawn prescription that this one replaces. */
  replaces?: string;
};

type Line = {
  lineNo: number;
  drugCode: string;
  genericName: string;
  specification: string;
  quantity: string;
  days: number;
  usage: string;
  drugClass: string;
};

export type Prechecked = {
  prescriptionId: string;
  hiRxno: string;
  rxTraceCode: string;
  validUntil: string;
  lines: Line[];
  profileVersion: string;
};

export type Evidence = {
  role: 'DOCTOR' | 'HOSPITAL_PHARMACIST' | 'PATIENT_CONSENT';
  format: 'SM2_RAW' | 'AUTHORITY_STATEMENT' | 'SIGNATURE_IMAGE';
  signer?: string;
  /** Base64. */
  content?: string;
  signature: string;
};

export type Uploaded = {
  prescriptionId: string;
  hiRxno: string;
  rxTraceCode: string;
  qr: string;
  status: string;
  circulatingAt: string;
};

type Step = {
  name: string;
  at: string;
  actor: { clientId: string; role: string; institutionId: string; operator: string };
  eventId: string;
  reason?: string;
};

/** One line of one sale: SOLD, HANDED_OVER, REVERSED. */
type Fill = { saleId: string; lineNo: number; packs: string; soldAt: string; state: string };

export type PrescriptionOfHospital = {
  prescriptionId: string;
  status: string;
  documentSm3: string;
  steps: Step[];
  replaces?: string;
  replacedBy?: string;
  fills: (Fill & { pharmacyId: string; drugCode: string })[];
};

/** What became of it after a withdrawal or an endorsement; WAITING while a sale is in flight. */
export type Standing = { prescriptionId: string; status: string };

export type Grant = { checkId: string; grantId: string; expiresAt: string; maskedName: string };

export type PrescriptionOfPharmacy = {
  prescriptionId: string;
  hiRxno: string;
  status: string;
  documentSm3: string;
  lines: (Line & { open: string; held: string; sold: string })[];
  fills: (Fill & { pharmacyName: string })[];
};

export type Lock = { lockId: string; lockedUntil: string; prescription: PrescriptionOfPharmacy };

type LineAmounts = { lineNo: number; totalFen: number; basicFen: number; patientFen: number; deductibleFen: number };

/** Money in fen. */
export type Amounts = {
  totalFen: number;
  basicFen: number;
  seriousFen: number;
  aidFen: number;
  patientFen: number;
  lines: LineAmounts[];
};

export type Quote = { quoteToken: string; expiresAt: string; amounts: Amounts };

export type Sale = {
  saleId: string;
  prescriptionId: string;
  /** RUNNING, COMPLETED, ABANDONED, HANDED_OVER, REVERSING, REVERSED. */
  state: string;
  settlementId: string;
  amounts: Amounts;
  listSm3: string;
  purchaseList: string;
  soldAt: string;
};

export type Reversed = { saleId: string; state: string; reversedAt?: string };

/** 代办人: whoever collects for the patient. */
export type AgentAtCounter = { credential?: string; phone?: string; relation: 'SPOUSE' | 'PARENT' | 'CHILD' | 'OTHER' };

/** An entry of 代办登记簿. */
export type AgentPurchase = {
  saleId: string;
  patient: Person;
  agent: Person;
  relation: string;
  handedOverAt?: string;
  listSm3: string;
};

export type RequestOutcome<T> = { state: 'NONE' | 'RUNNING' | 'DONE'; operation?: string; answer?: T };

export type AuditEntry = { number: number; eventId: string; type: string; topic: string; key: string };

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
};

export type PrescriptionOfHospital = { prescriptionId: string; status: string; documentSm3: string; steps: Step[] };

export type Grant = { checkId: string; grantId: string; expiresAt: string; maskedName: string };

export type PrescriptionOfPharmacy = {
  prescriptionId: string;
  hiRxno: string;
  status: string;
  documentSm3: string;
  lines: (Line & { open: string; held: string; sold: string })[];
};

export type Lock = { lockId: string; lockedUntil: string; prescription: PrescriptionOfPharmacy };

type LineAmounts = { lineNo: number; totalFen: number; basicFen: number; patientFen: number };

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
  /** RUNNING, COMPLETED, ABANDONED, HANDED_OVER. */
  state: string;
  settlementId: string;
  amounts: Amounts;
  listSm3: string;
  purchaseList: string;
  soldAt: string;
};

export type RequestOutcome<T> = { state: 'NONE' | 'RUNNING' | 'DONE'; operation?: string; answer?: T };

export type AuditEntry = { number: number; eventId: string; type: string };

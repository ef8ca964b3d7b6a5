// What the hub's import takes, as it travels: RFC 3339 instants, unit prices as decimal text, money in fen.

export type Period = { from: string; to?: string };
export type PublicKeyRecord = { keyId: string; publicKey: string; valid: Period };

export type InstitutionRecord = {
  institutionId: string;
  kind: 'HOSPITAL' | 'PHARMACY' | 'AUTHORITY';
  name: string;
  division: string;
  poolingRegion: string;
  level: number;
  insuranceDesignated: Period[];
  designations: { role: 'DUAL' | 'CERTIFYING' | 'TREATING'; status: string; period: Period }[];
  connection: 'CONNECTED' | 'TESTING' | 'NOT_STARTED';
  coldChain: boolean;
  diseases: string[];
  keys: PublicKeyRecord[];
};

export type PractitionerRecord = {
  practitionerId: string;
  kind: 'DOCTOR' | 'HOSPITAL_PHARMACIST' | 'PHARMACIST';
  name: string;
  institutionId: string;
  title: string;
  specialty: string;
  licensed: Period[];
  insuredPhysician: Period[];
  filings: { scheme: 'RESPONSIBLE' | 'CERTIFYING' | 'TREATING'; status: string; period: Period }[];
  keys: PublicKeyRecord[];
};

export type DrugRecord = {
  drugCode: string;
  genericName: string;
  dosageForm: string;
  specification: string;
  packUnit: string;
  unitsPerPack: number;
  negotiated: boolean;
  injectable: boolean;
  coldChain: boolean;
  controlled: string;
  entries: { region: string; drugClass: string; listed: Period; scopeDiagnoses: string[]; version: number }[];
  standards: { region: string; unitPrice: string; valid: Period }[];
  tracePrefixes: string[];
};

export type PlanVersionRecord = {
  version: number;
  valid: Period;
  firstSelfBp: number;
  deductibleFen: number;
  basicBp: number;
  ceilingFen?: number;
  seriousBp: number;
  seriousThresholdFen: number;
  aidBp: number;
};

export type PlanRecord = {
  planId: string;
  poolingRegion: string;
  insuranceType: string;
  category: string;
  versions: PlanVersionRecord[];
};

type InsuranceRecord = {
  poolingRegion: string;
  insuranceType: string;
  status: 'ACTIVE' | 'SUSPENDED';
  period: Period;
  remoteFilings: { region: string; period: Period }[];
};

export type FilingRecord = {
  filingId: string;
  drugCode: string;
  genericName: string;
  dosageForm: string;
  status: string;
  benefit?: Period;
  region: string;
  institutionId: string;
};

export type PersonRecord = {
  certType: '01';
  certNo: string;
  name: string;
  phone: string;
  insurances: InsuranceRecord[];
  filings: FilingRecord[];
};

export type NoteRecord = {
  noteId: string;
  holderId: string;
  drugCode: string;
  batchNo: string;
  expiresOn: string;
  traceCodes: string[];
};

export type ClientRecord = {
  clientId: string;
  role: 'HOSPITAL' | 'PHARMACY' | 'PATIENT' | 'REGULATOR' | 'AGENCY';
  institutionId?: string;
  division?: string;
  name: string;
  jwks: { keys: JsonWebKey[] };
};

export type JsonWebKey = {
  kty: string;
  crv: string;
  x: string;
  y: string;
  d?: string;
  kid: string;
  alg: string;
  use: string;
};

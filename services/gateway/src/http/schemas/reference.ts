import Type from 'typebox';
import { BasisPoints, Count, Division, Fen, Instant, list, strict, text, UnitPrice } from './values.ts';

/** Half-open; without `to` it has no end. */
export const Period = strict({ from: Instant, to: Type.Optional(Instant) });
const Key = strict({ keyId: text(64), publicKey: text(200, 'Base64 of 04‖X‖Y'), valid: Period });
const periods = list(Period, 50);
const keys = list(Key, 20);

const Institution = strict({
  institutionId: text(64),
  kind: text(32, 'HOSPITAL, PHARMACY, AUTHORITY'),
  name: text(),
  division: Division,
  poolingRegion: Division,
  level: Count(9),
  insuranceDesignated: periods,
  designations: list(strict({ role: text(32), status: text(32), period: Period }), 50),
  connection: text(32, 'CONNECTED, TESTING, NOT_STARTED'),
  coldChain: Type.Boolean(),
  diseases: list(text(32), 1_000),
  keys,
});

const Practitioner = strict({
  practitionerId: text(64),
  kind: text(32, 'DOCTOR, HOSPITAL_PHARMACIST, PHARMACIST'),
  name: text(),
  institutionId: text(64),
  title: text(64),
  specialty: text(64),
  licensed: periods,
  insuredPhysician: periods,
  filings: list(strict({ scheme: text(32), status: text(32), period: Period }), 50),
  keys,
});

const ListEntry = strict({
  region: Division,
  drugClass: text(32),
  listed: Period,
  scopeDiagnoses: list(text(32), 1_000),
  version: Count(1_000_000),
});

const Drug = strict({
  drugCode: text(64),
  genericName: text(),
  dosageForm: text(),
  specification: text(),
  packUnit: text(32),
  unitsPerPack: Count(1_000_000),
  negotiated: Type.Boolean(),
  injectable: Type.Boolean(),
  coldChain: Type.Boolean(),
  controlled: text(32),
  entries: list(ListEntry, 200),
  standards: list(strict({ region: Division, unitPrice: UnitPrice, valid: Period }), 200),
  tracePrefixes: list(text(16), 200),
});

const PlanVersion = strict({
  version: Count(1_000_000),
  valid: Period,
  firstSelfBp: BasisPoints,
  deductibleFen: Fen,
  basicBp: BasisPoints,
  ceilingFen: Type.Optional(Fen),
  seriousBp: BasisPoints,
  seriousThresholdFen: Fen,
  aidBp: BasisPoints,
});

const Plan = strict({
  planId: text(64),
  poolingRegion: Division,
  insuranceType: text(16),
  category: text(16),
  versions: list(PlanVersion, 100),
});

/** Reference data (基础信息) in bulk, all or nothing. */
export const ReferenceImport = strict({
  institutions: Type.Optional(list(Institution, 5_000)),
  practitioners: Type.Optional(list(Practitioner, 5_000)),
  drugs: Type.Optional(list(Drug, 5_000)),
  plans: Type.Optional(list(Plan, 5_000)),
});

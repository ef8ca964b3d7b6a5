import { pg } from '@erx/postgres';

const instant = (name: string) => pg.timestamp(name, { withTimezone: true, mode: 'date' });
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

export const prescription = pg.pgTable('prescription', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  hiRxno: pg.text('hi_rxno').notNull(),
  rxTraceCode: pg.text('rx_trace_code').notNull(),
  status: pg.text('status').notNull(),
  version: pg.bigint('version', { mode: 'bigint' }).notNull(),
  hospitalId: pg.text('hospital_id').notNull(),
  doctorId: pg.text('doctor_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  nameSealed: bytes('name_sealed').notNull(),
  identitySealed: bytes('identity_sealed').notNull(),
  phoneSealed: bytes('phone_sealed').notNull(),
  category: pg.text('category').notNull(),
  outflowReason: pg.text('outflow_reason').notNull(),
  longPrescription: pg.boolean('long_prescription').notNull(),
  prescribedAt: instant('prescribed_at').notNull(),
  validUntil: instant('valid_until').notNull(),
  retainUntil: instant('retain_until').notNull(),
  consentRequired: pg.boolean('consent_required').notNull(),
  poolingRegion: pg.text('pooling_region').notNull(),
  insuranceType: pg.text('insurance_type').notNull(),
  remoteFilingRegions: pg.text('remote_filing_regions').array().notNull(),
  profileVersion: pg.text('profile_version').notNull(),
  documentSealed: bytes('document_sealed'),
  documentSm3: pg.text('document_sm3'),
  circulatingAt: instant('circulating_at'),
  awaitingHandOver: pg.uuid('awaiting_hand_over').array().notNull(),
  reversing: pg.uuid('reversing').array().notNull(),
  replaces: pg.uuid('replaces'),
  withdrawalAnsweredAt: instant('withdrawal_answered_at'),
  lastEventId: pg.uuid('last_event_id').notNull(),
});

export const prescriptionLine = pg.pgTable('prescription_line', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  lineNo: pg.integer('line_no').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  genericName: pg.text('generic_name').notNull(),
  specification: pg.text('specification').notNull(),
  quantity: pg.bigint('quantity', { mode: 'bigint' }).notNull(),
  days: pg.integer('days').notNull(),
  usage: pg.text('usage').notNull(),
  drugClass: pg.text('drug_class').notNull(),
  listRegion: pg.text('list_region').notNull(),
  listVersion: pg.integer('list_version').notNull(),
  institutionRule: pg.text('institution_rule').notNull(),
  doctorScheme: pg.text('doctor_scheme').notNull(),
  filingId: pg.text('filing_id'),
  filingStatus: pg.text('filing_status'),
});

export const prescriptionDiagnosis = pg.pgTable('prescription_diagnosis', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  position: pg.integer('position').notNull(),
  code: pg.text('code').notNull(),
  name: pg.text('name').notNull(),
});

export const fill = pg.pgTable('fill', {
  saleId: pg.uuid('sale_id').notNull(),
  lineNo: pg.integer('line_no').notNull(),
  prescriptionId: pg.uuid('prescription_id').notNull(),
  pharmacyId: pg.text('pharmacy_id').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  quantity: pg.bigint('quantity', { mode: 'bigint' }).notNull(),
  soldAt: instant('sold_at').notNull(),
  state: pg.text('state').$type<'SOLD' | 'HANDED_OVER' | 'REVERSED'>().notNull(),
});

export const evidence = pg.pgTable('evidence', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  role: pg.text('role').notNull(),
  signer: pg.text('signer').notNull(),
  format: pg.text('format').notNull(),
  bytesSm3: pg.text('bytes_sm3').notNull(),
  content: bytes('content').notNull(),
  contentSealed: pg.boolean('content_sealed').notNull(),
  signature: pg.text('signature').notNull(),
  keyId: pg.text('key_id').notNull(),
  signedAt: instant('signed_at'),
  result: pg.text('result').notNull(),
  retainUntil: instant('retain_until').notNull(),
});

export const step = pg.pgTable('step', {
  stepId: pg.bigint('step_id', { mode: 'bigint' }).generatedAlwaysAsIdentity(),
  prescriptionId: pg.uuid('prescription_id').notNull(),
  name: pg.text('name').notNull(),
  businessAt: instant('business_at').notNull(),
  machineAt: instant('machine_at').notNull(),
  clientId: pg.text('actor_client_id').notNull(),
  role: pg.text('actor_role').notNull(),
  institutionId: pg.text('actor_institution_id').notNull(),
  operator: pg.text('actor_operator').notNull(),
  division: pg.text('actor_division').notNull(),
  profileVersion: pg.text('profile_version').notNull(),
  eventId: pg.uuid('event_id').notNull(),
  reason: pg.text('reason').notNull(),
});

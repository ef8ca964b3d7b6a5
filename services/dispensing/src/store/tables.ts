import { pg } from '@erx/postgres';

const instant = (name: string) => pg.timestamp(name, { withTimezone: true, mode: 'date' });
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const amount = (name: string) => pg.bigint(name, { mode: 'bigint' });

export const prescription = pg.pgTable('prescription', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  hiRxno: pg.text('hi_rxno').notNull(),
  rxTraceCode: pg.text('rx_trace_code').notNull(),
  hospitalId: pg.text('hospital_id').notNull(),
  doctorId: pg.text('doctor_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  patientSealed: bytes('patient_sealed').notNull(),
  documentSm3: pg.text('document_sm3').notNull(),
  category: pg.text('category').notNull(),
  diagnoses: pg.text('diagnoses').notNull(),
  prescribedAt: instant('prescribed_at').notNull(),
  validUntil: instant('valid_until').notNull(),
  insurance: bytes('insurance').notNull(),
  status: pg.text('status').notNull(),
  lockId: pg.uuid('lock_id'),
  lockPharmacyId: pg.text('lock_pharmacy_id'),
  lockPersonId: pg.uuid('lock_person_id'),
  lockUntil: instant('lock_until'),
  historyViewedBy: pg.text('history_viewed_by'),
  historyViewedAt: instant('history_viewed_at'),
  approvedBy: pg.text('approved_by'),
  approvedAt: instant('approved_at'),
  sellingSaleId: pg.uuid('selling_sale_id'),
  signerId: pg.text('signer_id').notNull(),
  withdrawalReason: pg.text('withdrawal_reason'),
  withdrawalAt: instant('withdrawal_at'),
  holdReason: pg.text('hold_reason'),
  holdAt: instant('hold_at'),
  endedLockPharmacyId: pg.text('ended_lock_pharmacy_id').notNull().default(''),
  version: pg.integer('version').notNull(),
  lastEventId: pg.uuid('last_event_id').notNull(),
});

export const prescriptionLine = pg.pgTable('prescription_line', {
  prescriptionId: pg.uuid('prescription_id').notNull(),
  lineNo: pg.integer('line_no').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  genericName: pg.text('generic_name').notNull(),
  specification: pg.text('specification').notNull(),
  days: pg.integer('days').notNull(),
  usage: pg.text('usage').notNull(),
  drugClass: pg.text('drug_class').notNull(),
  prescribed: amount('prescribed').notNull(),
  open: amount('open').notNull(),
  held: amount('held').notNull(),
  sold: amount('sold').notNull(),
  withdrawn: amount('withdrawn').notNull(),
  expired: amount('expired').notNull(),
});

export const sale = pg.pgTable('sale', {
  saleId: pg.uuid('sale_id').notNull(),
  prescriptionId: pg.uuid('prescription_id').notNull(),
  pharmacyId: pg.text('pharmacy_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  state: pg.text('state').notNull(),
  clientId: pg.text('client_id').notNull(),
  requestKey: pg.text('request_key').notNull(),
  actor: bytes('actor').notNull(),
  profileVersion: pg.text('profile_version').notNull(),
  reserveRequest: bytes('reserve_request').notNull(),
  basis: bytes('basis').notNull(),
  quoteToken: pg.text('quote_token').notNull(),
  quoteExpiresAt: instant('quote_expires_at').notNull(),
  begunAt: instant('begun_at').notNull(),
  startedEventId: pg.uuid('started_event_id').notNull(),
  settlementId: pg.text('settlement_id'),
  amounts: bytes('amounts'),
  refusals: bytes('refusals'),
  purchaseList: bytes('purchase_list'),
  listSm3: pg.text('list_sm3'),
  soldAt: instant('sold_at'),
  handedOverAt: instant('handed_over_at'),
  leaseToken: pg.uuid('lease_token').notNull(),
  leaseUntil: instant('lease_until').notNull(),
  attempts: pg.integer('attempts').notNull(),
  version: pg.integer('version').notNull(),
});

export const saleLine = pg.pgTable('sale_line', {
  saleId: pg.uuid('sale_id').notNull(),
  lineNo: pg.integer('line_no').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  genericName: pg.text('generic_name').notNull(),
  quantity: amount('quantity').notNull(),
  unitPrice: amount('unit_price').notNull(),
});

export const saleReversal = pg.pgTable('sale_reversal', {
  saleId: pg.uuid('sale_id').notNull(),
  reason: pg.text('reason').notNull(),
  leftCounter: pg.text('left_counter').array().notNull(),
  clientId: pg.text('client_id').notNull(),
  requestKey: pg.text('request_key').notNull(),
  actor: bytes('actor').notNull(),
  profileVersion: pg.text('profile_version').notNull(),
  reversingEventId: pg.uuid('reversing_event_id').notNull(),
  begunAt: instant('begun_at').notNull(),
  reversedAt: instant('reversed_at'),
});

export const saleAgent = pg.pgTable('sale_agent', {
  saleId: pg.uuid('sale_id').notNull(),
  agentPersonId: pg.uuid('agent_person_id').notNull(),
  agentSealed: bytes('agent_sealed').notNull(),
  relation: pg.text('relation').notNull(),
  registeredAt: instant('registered_at').notNull(),
});

export const handOver = pg.pgTable('hand_over', {
  saleId: pg.uuid('sale_id').notNull(),
  recipientPersonId: pg.uuid('recipient_person_id').notNull(),
  signatureSealed: bytes('signature_sealed').notNull(),
  listSm3: pg.text('list_sm3').notNull(),
  handedOverAt: instant('handed_over_at').notNull(),
});

export const reviewEvidence = pg.pgTable('review_evidence', {
  lockId: pg.uuid('lock_id').notNull(),
  prescriptionId: pg.uuid('prescription_id').notNull(),
  pharmacistId: pg.text('pharmacist_id').notNull(),
  opinion: pg.text('opinion').notNull(),
  evidence: bytes('evidence').notNull(),
  reviewedAt: instant('reviewed_at').notNull(),
});

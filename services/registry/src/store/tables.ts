import { pg } from '@erx/postgres';

const instant = (name: string) => pg.timestamp(name, { withTimezone: true, mode: 'date' });
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

export const referenceAggregate = pg.pgTable('reference_aggregate', {
  kind: pg.text('kind').notNull(),
  key: pg.text('key').notNull(),
  revision: pg.bigint('revision', { mode: 'bigint' }).notNull(),
  payload: bytes('payload').notNull(),
  contentHash: bytes('content_hash').notNull(),
  origin: pg.text('origin').notNull(),
  eventId: pg.uuid('event_id').notNull(),
  changedAt: instant('changed_at').notNull(),
});

export const drugTracePrefix = pg.pgTable('drug_trace_prefix', {
  prefix: pg.text('prefix').notNull(),
  drugCode: pg.text('drug_code').notNull(),
});

export const planScope = pg.pgTable('plan_scope', {
  planId: pg.text('plan_id').notNull(),
  poolingRegion: pg.text('pooling_region').notNull(),
  insuranceType: pg.text('insurance_type').notNull(),
  category: pg.text('category').notNull(),
});

export const person = pg.pgTable('person', {
  personId: pg.uuid('person_id').notNull(),
  identityHash: bytes('identity_hash').notNull(),
  version: pg.bigint('version', { mode: 'bigint' }).notNull(),
  nameSealed: bytes('name_sealed'),
  identitySealed: bytes('identity_sealed'),
  phoneSealed: bytes('phone_sealed'),
  contentHash: bytes('content_hash'),
  nameHash: bytes('name_hash'),
  agentDisabledFrom: instant('agent_disabled_from'),
  agentDisabledTo: instant('agent_disabled_to'),
});

export const insurance = pg.pgTable('insurance', {
  personId: pg.uuid('person_id').notNull(),
  position: pg.integer('position').notNull(),
  poolingRegion: pg.text('pooling_region').notNull(),
  insuranceType: pg.text('insurance_type').notNull(),
  status: pg.text('status').notNull(),
  validFrom: instant('valid_from').notNull(),
  validTo: instant('valid_to'),
});

export const remoteFiling = pg.pgTable('remote_filing', {
  personId: pg.uuid('person_id').notNull(),
  insurancePosition: pg.integer('insurance_position').notNull(),
  position: pg.integer('position').notNull(),
  region: pg.text('region').notNull(),
  validFrom: instant('valid_from').notNull(),
  validTo: instant('valid_to'),
});

export const filing = pg.pgTable('filing', {
  filingId: pg.text('filing_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  position: pg.integer('position').notNull(),
  drugCode: pg.text('drug_code').notNull(),
  genericName: pg.text('generic_name').notNull(),
  dosageForm: pg.text('dosage_form').notNull(),
  status: pg.text('status').notNull(),
  benefitFrom: instant('benefit_from'),
  benefitTo: instant('benefit_to'),
  region: pg.text('region').notNull(),
  institutionId: pg.text('institution_id').notNull(),
});

export const businessClock = pg.pgTable('business_clock', {
  version: pg.bigint('version', { mode: 'bigint' }).notNull(),
  offsetMs: pg.bigint('offset_ms', { mode: 'bigint' }).notNull(),
});

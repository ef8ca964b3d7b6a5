import { pg } from '@erx/postgres';

/** For whom a credential was shown. */
export type Holder = 'PATIENT' | 'AGENT';

const instant = (name: string) => pg.timestamp(name, { withTimezone: true, mode: 'date' });
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

export const personKey = pg.pgTable('person_key', {
  personId: pg.uuid('person_id').notNull(),
  version: pg.smallint('version').notNull(),
  wrapKeyId: pg.text('wrap_key_id').notNull(),
  wrapped: bytes('wrapped'),
});

export const identityCheckAgent = pg.pgTable('identity_check_agent', {
  checkId: pg.uuid('check_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  nameSealed: bytes('name_sealed').notNull(),
  identitySealed: bytes('identity_sealed').notNull(),
  phoneSealed: bytes('phone_sealed').notNull(),
  relation: pg.text('relation').notNull(),
});

export const presentedCredential = pg.pgTable('presented_credential', {
  authorityId: pg.text('authority_id').notNull(),
  credentialId: pg.text('credential_id').notNull(),
  checkId: pg.uuid('check_id').notNull(),
  holder: pg.text('holder').$type<Holder>().notNull(),
});

export const identityCheck = pg.pgTable('identity_check', {
  checkId: pg.uuid('check_id').notNull(),
  grantId: pg.uuid('grant_id').notNull(),
  authorityId: pg.text('authority_id').notNull(),
  credentialId: pg.text('credential_id').notNull(),
  personId: pg.uuid('person_id').notNull(),
  nameSealed: bytes('name_sealed').notNull(),
  identitySealed: bytes('identity_sealed').notNull(),
  phoneSealed: bytes('phone_sealed').notNull(),
  holderId: pg.text('holder_id').notNull(),
  purpose: pg.text('purpose').notNull(),
  poolingRegion: pg.text('pooling_region').notNull(),
  insuranceType: pg.text('insurance_type').notNull(),
  insuranceActive: pg.boolean('insurance_active').notNull(),
  remoteFilingRegions: pg.text('remote_filing_regions').array().notNull(),
  checkedAt: instant('checked_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  machineAt: instant('machine_at').notNull(),
  clientId: pg.text('actor_client_id').notNull(),
  role: pg.text('actor_role').notNull(),
  institutionId: pg.text('actor_institution_id').notNull(),
  operator: pg.text('actor_operator').notNull(),
  division: pg.text('actor_division').notNull(),
  profileVersion: pg.text('profile_version').notNull(),
});

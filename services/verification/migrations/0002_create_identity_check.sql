-- A passed check of person, document and card (人证核验) with the grant that it gave. Never changed: a grant ends by time.
create table identity_check (
  check_id uuid not null constraint identity_check_pk primary key,
  grant_id uuid not null constraint identity_check_grant_unique unique,
  authority_id text not null,
  credential_id text not null,
  person_id uuid not null,
  name_sealed bytea not null,
  identity_sealed bytea not null,
  phone_sealed bytea not null,
  -- Pharmacy, or the client of a patient's app.
  holder_id text not null,
  purpose text not null constraint identity_check_purpose_known check (purpose in ('DISPENSE', 'PATIENT_ACCESS')),
  -- Insurance on the day of the check; empty texts when there was none.
  pooling_region text not null,
  insurance_type text not null,
  insurance_active boolean not null,
  remote_filing_regions text[] not null,
  checked_at timestamptz not null,
  expires_at timestamptz not null,
  machine_at timestamptz not null,
  actor_client_id text not null,
  actor_role text not null,
  actor_institution_id text not null,
  actor_operator text not null,
  actor_division text not null,
  profile_version text not null,
  constraint identity_check_credential_used_once unique (authority_id, credential_id),
  constraint identity_check_runs_forward check (checked_at < expires_at)
);

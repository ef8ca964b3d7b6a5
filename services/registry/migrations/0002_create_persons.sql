-- Insured persons. The identity number exists only as a keyed hash and inside sealed bytes that this service cannot open.
create table person (
  person_id uuid not null constraint person_pk primary key,
  identity_hash bytea not null constraint person_identity_unique unique
    constraint person_identity_hash_is_sha256 check (octet_length(identity_hash) = 32),
  -- 0: an id was allotted, nothing imported yet.
  version bigint not null default 0 constraint person_version_not_negative check (version >= 0),
  name_sealed bytea,
  identity_sealed bytea,
  phone_sealed bytea,
  content_hash bytea constraint person_content_hash_is_sha256 check (octet_length(content_hash) = 32),
  constraint person_imported_whole check (
    (version = 0 and num_nonnulls(name_sealed, identity_sealed, phone_sealed, content_hash) = 0)
    or (version > 0 and num_nonnulls(name_sealed, identity_sealed, phone_sealed, content_hash) = 4))
);

-- Insurance relations (参保关系) in the order of the import.
create table insurance (
  person_id uuid not null constraint insurance_person_fk references person,
  position integer not null,
  pooling_region text not null constraint insurance_region_is_division check (pooling_region ~ '^[0-9]{6}$'),
  insurance_type text not null constraint insurance_type_known check (insurance_type in ('310', '390')),
  status text not null constraint insurance_status_known check (status in ('ACTIVE', 'SUSPENDED')),
  valid_from timestamptz not null,
  valid_to timestamptz,
  constraint insurance_pk primary key (person_id, position),
  constraint insurance_period_runs_forward check (valid_to is null or valid_from < valid_to)
);

-- Remote-care filings (异地就医备案) of an insurance relation.
create table remote_filing (
  person_id uuid not null,
  insurance_position integer not null,
  position integer not null,
  region text not null constraint remote_filing_region_is_division check (region ~ '^[0-9]{6}$'),
  valid_from timestamptz not null,
  valid_to timestamptz,
  constraint remote_filing_pk primary key (person_id, insurance_position, position),
  constraint remote_filing_insurance_fk foreign key (person_id, insurance_position) references insurance,
  constraint remote_filing_period_runs_forward check (valid_to is null or valid_from < valid_to)
);

-- Qualification filings (用药资格备案), SM-1.
create table filing (
  filing_id text not null constraint filing_pk primary key,
  person_id uuid not null constraint filing_person_fk references person,
  position integer not null,
  drug_code text not null,
  generic_name text not null,
  dosage_form text not null,
  status text not null constraint filing_status_known check (status in (
    'SUBMITTED', 'EFFECTIVE', 'REASSESS_DUE', 'REASSESSING', 'LAPSED', 'TERMINATED', 'EXPIRED', 'REVOKED')),
  benefit_from timestamptz,
  benefit_to timestamptz,
  region text not null constraint filing_region_is_division check (region ~ '^[0-9]{6}$'),
  institution_id text not null,
  constraint filing_position_unique unique (person_id, position),
  constraint filing_benefit_runs_forward check (benefit_to is null or benefit_from < benefit_to),
  constraint filing_benefit_needs_start check (benefit_from is not null or benefit_to is null),
  constraint filing_benefit_from_filing_on check (status = 'SUBMITTED' or benefit_from is not null)
);

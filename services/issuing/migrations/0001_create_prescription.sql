-- Prescription numbers (医保处方编号) go out in blocks: `next` is the first serial that no process has taken.
create table number_block (
  division text not null constraint number_block_division_is_six_digits check (division ~ '^[0-9]{6}$'),
  day text not null constraint number_block_day_is_eight_digits check (day ~ '^[0-9]{8}$'),
  next bigint not null constraint number_block_serial_has_ten_digits check (next between 1 and 10000000000),
  constraint number_block_pk primary key (division, day)
);

-- One prescription from pre-check on (SM-4), with the facts it was judged by. From CIRCULATING on the status repeats what
-- dispensing reports.
create table prescription (
  prescription_id uuid not null constraint prescription_pk primary key,
  hi_rxno text not null constraint prescription_hi_rxno_unique unique
    constraint prescription_hi_rxno_is_25_digits check (hi_rxno ~ '^[0-9]{25}$'),
  rx_trace_code text not null constraint prescription_trace_code_unique unique
    constraint prescription_trace_code_is_base32 check (rx_trace_code ~ '^[0-9A-HJKMNP-TV-Z]{20}$'),
  status text not null constraint prescription_status_known check (status in (
    'PRECHECKED', 'CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'SETTLED', 'HANDED_OVER')),
  version bigint not null constraint prescription_version_counts_from_one check (version >= 1),
  hospital_id text not null,
  doctor_id text not null,
  person_id uuid not null,
  name_sealed bytea not null,
  identity_sealed bytea not null,
  phone_sealed bytea not null,
  category text not null,
  outflow_reason text not null,
  long_prescription boolean not null,
  -- Issue time: the rules are those of this instant.
  prescribed_at timestamptz not null,
  valid_until timestamptz not null,
  retain_until timestamptz not null,
  consent_required boolean not null,
  pooling_region text not null,
  insurance_type text not null,
  remote_filing_regions text[] not null,
  profile_version text not null,
  document_sealed bytea,
  document_sm3 text constraint prescription_document_sm3_is_hex check (document_sm3 ~ '^[0-9a-f]{64}$'),
  circulating_at timestamptz,
  -- Sales whose packages have not been handed over yet.
  awaiting_hand_over uuid[] not null default '{}',
  -- Newest event about it that this service knows: the cause of the next one.
  last_event_id uuid not null,
  constraint prescription_validity_runs_forward check (prescribed_at < valid_until),
  constraint prescription_kept_beyond_validity check (valid_until <= retain_until),
  constraint prescription_circulates_with_document check (
    num_nonnulls(document_sealed, document_sm3, circulating_at) = case status when 'PRECHECKED' then 0 else 3 end),
  constraint prescription_hand_over_fits_status check (
    case status
      when 'SETTLED' then cardinality(awaiting_hand_over) > 0
      when 'PRECHECKED' then cardinality(awaiting_hand_over) = 0
      when 'HANDED_OVER' then cardinality(awaiting_hand_over) = 0
      else true
    end)
);

-- Lines (处方明细) with what each was judged by: place in the list, rules of its class, filing that covers it.
create table prescription_line (
  prescription_id uuid not null constraint prescription_line_prescription_fk references prescription,
  -- 处方管理办法: at most five drugs.
  line_no integer not null constraint prescription_line_is_one_of_five check (line_no between 1 and 5),
  drug_code text not null,
  generic_name text not null,
  specification text not null,
  quantity bigint not null
    constraint prescription_line_whole_packs check (quantity > 0 and quantity % 10000 = 0),
  days integer not null constraint prescription_line_days_positive check (days > 0),
  usage text not null,
  drug_class text not null,
  list_region text not null,
  list_version integer not null,
  institution_rule text not null,
  doctor_scheme text not null,
  filing_id text,
  filing_status text,
  constraint prescription_line_pk primary key (prescription_id, line_no),
  constraint prescription_line_drug_once unique (prescription_id, drug_code),
  constraint prescription_line_filing_whole check ((filing_id is null) = (filing_status is null))
);

create table prescription_diagnosis (
  prescription_id uuid not null constraint prescription_diagnosis_prescription_fk references prescription,
  position integer not null,
  code text not null constraint prescription_diagnosis_code_present check (code <> ''),
  name text not null,
  constraint prescription_diagnosis_pk primary key (prescription_id, position)
);

-- Proofs (证据) of an upload, exactly as they were checked.
create table evidence (
  prescription_id uuid not null constraint evidence_prescription_fk references prescription,
  role text not null constraint evidence_role_known check (role in ('DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT')),
  signer text not null,
  format text not null,
  bytes_sm3 text not null constraint evidence_bytes_sm3_is_hex check (bytes_sm3 ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  content_sealed boolean not null,
  signature text not null,
  key_id text not null,
  signed_at timestamptz,
  result text not null constraint evidence_only_valid check (result = 'VALID'),
  retain_until timestamptz not null,
  constraint evidence_pk primary key (prescription_id, role)
);

-- Every transition: who, for whom, when, by which profile, told by which event.
create table step (
  step_id bigint generated always as identity constraint step_pk primary key,
  prescription_id uuid not null constraint step_prescription_fk references prescription,
  name text not null,
  business_at timestamptz not null,
  machine_at timestamptz not null,
  actor_client_id text not null,
  actor_role text not null,
  actor_institution_id text not null,
  actor_operator text not null,
  actor_division text not null,
  profile_version text not null,
  event_id uuid not null,
  reason text not null
);
create index step_prescription on step (prescription_id, business_at, step_id);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger step_append_only before update or delete or truncate on step
  for each statement execute function refuse_rewriting();
create trigger evidence_append_only before update or truncate on evidence
  for each statement execute function refuse_rewriting();

-- GX-3k: bytes, hash and evidence stay until their retention is over.
create function refuse_early_deletion() returns trigger language plpgsql as $$
begin
  if old.retain_until > now() then
    raise exception '% is retained', tg_table_name using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger evidence_retained before delete on evidence
  for each row execute function refuse_early_deletion();
create trigger prescription_retained before delete on prescription
  for each row execute function refuse_early_deletion();

-- Reference aggregates as last imported or released; the events carry the same bytes. Older revisions live in the
-- topics and in the audit log.
create table reference_aggregate (
  kind text not null constraint reference_kind_known
    check (kind in ('INSTITUTION', 'PRACTITIONER', 'DRUG', 'PLAN', 'PROFILE')),
  key text not null constraint reference_key_present check (key <> ''),
  revision bigint not null constraint reference_revision_counts_from_one check (revision >= 1),
  payload bytea not null,
  content_hash bytea not null constraint reference_hash_is_sha256 check (octet_length(content_hash) = 32),
  origin text not null constraint reference_origin_known check (origin in ('IMPORT', 'RELEASE')),
  -- Event that carried this revision: the cause named by the next one.
  event_id uuid not null,
  changed_at timestamptz not null,
  constraint reference_aggregate_pk primary key (kind, key),
  constraint reference_profiles_are_released check ((kind = 'PROFILE') = (origin = 'RELEASE'))
);

-- A trace-code prefix names one product in the whole hub.
create table drug_trace_prefix (
  prefix text not null constraint drug_trace_prefix_pk primary key
    constraint drug_trace_prefix_is_seven_digits check (prefix ~ '^[0-9]{7}$'),
  drug_code text not null
);
create index drug_trace_prefix_drug on drug_trace_prefix (drug_code);

-- One plan for one region, insurance type and medical category; readers find it by these three.
create table plan_scope (
  plan_id text not null constraint plan_scope_pk primary key,
  pooling_region text not null,
  insurance_type text not null,
  category text not null,
  constraint plan_scope_unique unique (pooling_region, insurance_type, category)
);

-- One sale's settlement (SM-7a). NEVER_SETTLED stands for a sale that may never settle (tombstone). A quote is used once.
create table settlement (
  sale_id uuid primary key,
  prescription_id uuid not null,
  state text not null,
  settlement_id uuid,
  quote_id uuid,
  -- SHA-256 of what was asked for.
  content_hash bytea,
  version integer not null,
  constraint settlement_id_once unique (settlement_id),
  constraint settlement_quote_once unique (quote_id),
  constraint settlement_state_known check (state in ('SETTLED', 'CONFIRMED', 'REVERSED', 'NEVER_SETTLED')),
  constraint settlement_whole
    check (num_nonnulls(settlement_id, quote_id, content_hash) = case state when 'NEVER_SETTLED' then 0 else 3 end),
  constraint settlement_content_hash_sha256 check (octet_length(content_hash) = 32),
  constraint settlement_version_positive check (version >= 1)
);

-- What was settled, in fen, and under which plan: written once.
create table settlement_amounts (
  sale_id uuid primary key references settlement,
  pharmacy_id text not null,
  hospital_id text not null,
  person_id uuid not null,
  pooling_region text not null,
  insurance_type text not null,
  category text not null,
  plan_id text not null,
  -- Benefit year (年度) of the accumulator.
  year integer not null,
  total bigint not null,
  basic bigint not null,
  serious bigint not null,
  aid bigint not null,
  patient bigint not null,
  -- Part of the year's deductible (起付线) that this sale used.
  deductible bigint not null,
  -- SettlementMade: the cause of what follows.
  made_event_id uuid not null,
  constraint settlement_amounts_add_up check (total = basic + serious + aid + patient),
  constraint settlement_amounts_nothing_negative check (least(basic, serious, aid, patient, deductible) >= 0)
);
create index settlement_amounts_account on settlement_amounts (person_id, year, plan_id);

-- Every step of the amount model, line by line. Quantity in 10⁻⁴ packs, prices in 10⁻⁶ yuan, amounts in fen.
create table settlement_line (
  sale_id uuid not null references settlement_amounts,
  line_no integer not null,
  drug_code text not null,
  quantity bigint not null,
  unit_price bigint not null,
  standard bigint not null,
  total bigint not null,
  in_scope bigint not null,
  over bigint not null,
  first_self bigint not null,
  deductible bigint not null,
  base bigint not null,
  basic bigint not null,
  serious bigint not null,
  aid bigint not null,
  patient bigint not null,
  category text not null,
  plan_version text not null,
  list_version text not null,
  primary key (sale_id, line_no),
  constraint settlement_line_scope_adds_up check (total = in_scope + over),
  constraint settlement_line_base_adds_up check (in_scope = first_self + deductible + base),
  constraint settlement_line_layers_add_up check (total = basic + serious + aid + patient),
  constraint settlement_line_nothing_negative
    check (least(over, first_self, deductible, base, basic, serious, aid, patient) >= 0)
);

-- Who brought a settlement into which state, when, judged by which profile.
create table settlement_step (
  sale_id uuid not null references settlement,
  state text not null,
  actor_client_id text not null,
  actor_role text not null,
  actor_institution_id text not null,
  actor_operator text not null,
  actor_division text not null,
  business_at timestamptz not null,
  machine_at timestamptz not null,
  profile_version text not null,
  primary key (sale_id, state)
);

-- What a person has used of a plan's deductible and ceiling in one year, in fen. Locked while a sale is settled.
create table accumulator (
  person_id uuid not null,
  year integer not null,
  plan_id text not null,
  deductible_used bigint not null,
  basic_used bigint not null,
  primary key (person_id, year, plan_id),
  constraint accumulator_nothing_negative check (least(deductible_used, basic_used) >= 0)
);

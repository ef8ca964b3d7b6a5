-- One delivery note (随货同行单): accepted whole, once.
create table delivery_note (
  note_id text primary key,
  content_hash bytea not null,
  holder_id text not null,
  drug_code text not null,
  batch_no text not null,
  expires_on date not null,
  origin text not null,
  recorded_at timestamptz not null default now(),
  constraint delivery_note_content_hash_sha256 check (octet_length(content_hash) = 32),
  constraint delivery_note_origin_known check (origin in ('IMPORT', 'RECEIPT'))
);

-- One package (SM-11). A package has one holder at a time, and belongs to a sale line exactly while reserved or sold.
create table trace_code (
  trace_code text primary key,
  drug_code text not null,
  batch_no text not null,
  expires_on date not null,
  note_id text not null references delivery_note,
  holder_id text not null,
  state text not null,
  sale_id uuid,
  line_no integer,
  -- Business time of the newest change of state.
  since timestamptz not null,
  version integer not null,
  constraint trace_code_ecode20 check (trace_code ~ '^[0-9]{20}$'),
  constraint trace_code_state_known
    check (state in ('RECEIVED', 'RESERVED', 'SOLD', 'QUARANTINED', 'RECALLED')),
  constraint trace_code_sale_while_taken
    check ((state in ('RESERVED', 'SOLD')) = (sale_id is not null) and (sale_id is null) = (line_no is null)),
  constraint trace_code_version_positive check (version >= 1)
);
create index trace_code_sale on trace_code (sale_id) where sale_id is not null;

-- The hold of one sale on its packages. RELEASED also stands for a sale that may never reserve (tombstone).
create table reservation (
  sale_id uuid primary key,
  prescription_id uuid not null,
  state text not null,
  content_hash bytea,
  codes integer not null,
  version integer not null,
  constraint reservation_state_known check (state in ('RESERVED', 'RELEASED', 'SOLD')),
  constraint reservation_content_unless_released
    check (state = 'RELEASED' or (content_hash is not null and codes > 0)),
  constraint reservation_version_positive check (version >= 1)
);

-- Stock ledger (进销存): what happened, by whom, when; its packages stand in custody.
create table movement (
  movement_id bigint generated always as identity primary key,
  kind text not null,
  note_id text references delivery_note,
  sale_id uuid references reservation,
  holder_id text not null,
  actor_client_id text not null,
  actor_role text not null,
  actor_institution_id text not null,
  actor_operator text not null,
  actor_division text not null,
  business_at timestamptz not null,
  machine_at timestamptz not null,
  profile_version text not null,
  constraint movement_cause
    check ((kind = 'RECEIVED' and note_id is not null and sale_id is null)
        or (kind in ('RESERVED', 'RELEASED', 'SOLD') and note_id is null and sale_id is not null))
);
create unique index movement_note_once on movement (note_id);
create unique index movement_sale_step_once on movement (sale_id, kind);

-- Custody chain (追溯链) of a package, in the order of its movements.
create table custody (
  trace_code text not null references trace_code,
  movement_id bigint not null references movement,
  primary key (trace_code, movement_id)
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger movement_append_only before update or delete or truncate on movement
  for each statement execute function refuse_rewriting();
create trigger custody_append_only before update or delete or truncate on custody
  for each statement execute function refuse_rewriting();

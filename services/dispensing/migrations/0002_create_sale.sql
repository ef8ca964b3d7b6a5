-- One sale as a durable process. What its steps need is stored before the first of them, so that any process can go on.
create table sale (
  sale_id uuid primary key,
  prescription_id uuid not null references prescription,
  pharmacy_id text not null,
  person_id uuid not null,
  state text not null,
  -- The client's request: scope and key.
  client_id text not null,
  request_key text not null,
  -- erx.common.v1.Actor who asked for the sale.
  actor bytea not null,
  profile_version text not null,
  -- erx.traceability.v1.ReserveRequest and erx.settlement.v1.Basis, repeated byte for byte.
  reserve_request bytea not null,
  basis bytea not null,
  quote_token text not null,
  quote_expires_at timestamptz not null,
  begun_at timestamptz not null,
  -- Its SaleStarted: cause of what the other services do for it.
  started_event_id uuid not null,
  settlement_id text,
  -- erx.settlement.v1.Amounts; the sums beside it are for the books.
  amounts bytea,
  total_fen bigint,
  basic_fen bigint,
  serious_fen bigint,
  aid_fen bigint,
  patient_fen bigint,
  -- erx.common.v1.Refusals.
  refusals bytea,
  purchase_list bytea,
  list_sm3 text,
  sold_at timestamptz,
  handed_over_at timestamptz,
  -- Who drives it, by machine time: a process whose token stands here no longer must not act.
  lease_token uuid not null,
  lease_until timestamptz not null,
  attempts integer not null,
  version integer not null,
  constraint sale_state_known
    check (state in ('INTENT', 'RESERVED', 'SETTLED', 'COMPLETED', 'HANDED_OVER', 'RELEASING', 'ABANDONED')),
  constraint sale_settlement_whole check (
    num_nonnulls(settlement_id, amounts, total_fen, basic_fen, serious_fen, aid_fen, patient_fen) in (0, 7)),
  constraint sale_settled_once_settled
    check (case state when 'INTENT' then settlement_id is null when 'RESERVED' then settlement_id is null
                      when 'RELEASING' then true when 'ABANDONED' then true else settlement_id is not null end),
  constraint sale_amounts_balance check (total_fen = basic_fen + serious_fen + aid_fen + patient_fen),
  constraint sale_refusals_when_given_up check ((state in ('RELEASING', 'ABANDONED')) = (refusals is not null)),
  constraint sale_list_whole check (num_nonnulls(purchase_list, list_sm3, sold_at) in (0, 3)),
  constraint sale_list_once_sold check ((state in ('COMPLETED', 'HANDED_OVER')) = (list_sm3 is not null)),
  constraint sale_handed_over_at_its_end check ((state = 'HANDED_OVER') = (handed_over_at is not null)),
  constraint sale_version_positive check (version >= 1)
);
create unique index sale_one_in_flight on sale (prescription_id)
  where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING');
create unique index sale_one_per_request on sale (client_id, request_key) where state <> 'ABANDONED';
create index sale_to_recover on sale (lease_until) where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING');
create index sale_prescription on sale (prescription_id);
create index sale_person on sale (person_id, sold_at) where list_sm3 is not null;

create table sale_line (
  sale_id uuid not null references sale,
  line_no integer not null,
  drug_code text not null,
  generic_name text not null,
  -- 10⁻⁴ packs.
  quantity bigint not null,
  -- 10⁻⁶ yuan per pack.
  unit_price bigint not null,
  primary key (sale_id, line_no),
  constraint sale_line_whole_packs check (quantity > 0 and quantity % 10000 = 0),
  constraint sale_line_price_not_negative check (unit_price >= 0)
);

-- Written with the commit: a pack belongs to one line of one sale that was not abandoned.
create table sale_code (
  trace_code text primary key,
  sale_id uuid not null,
  line_no integer not null,
  foreign key (sale_id, line_no) references sale_line
);
create index sale_code_sale on sale_code (sale_id, line_no);

create table hand_over (
  sale_id uuid primary key references sale,
  recipient_person_id uuid not null,
  -- Signature image, sealed by verification.
  signature_sealed bytea not null,
  list_sm3 text not null,
  handed_over_at timestamptz not null
);

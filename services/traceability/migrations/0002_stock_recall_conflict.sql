-- Numbers of delivery notes are given by each holder (or its supplier): two pharmacies may use the same one.
alter table trace_code drop constraint trace_code_note_id_fkey;
alter table movement drop constraint movement_note_id_fkey;
drop index movement_note_once;
alter table delivery_note drop constraint delivery_note_pkey, add primary key (holder_id, note_id);

-- SM-11 beyond the plain sale. A package that lies in a closed one is PACKED; a pack that was opened is OPENED and its
-- parts are sold singly. The sale of a package stays on record until the sale is released or reversed, so a package
-- that was quarantined after its sale keeps it.
alter table trace_code
  add column note_holder_id text,
  add column parent_code text references trace_code,
  add column parts integer not null default 0,
  add column recalled_at timestamptz,
  add column handed_over boolean not null default false,
  drop constraint trace_code_state_known,
  drop constraint trace_code_sale_while_taken;
update trace_code set note_holder_id = holder_id;
alter table trace_code
  alter column note_holder_id set not null,
  add constraint trace_code_note_known foreign key (note_holder_id, note_id) references delivery_note,
  add constraint trace_code_state_known check (state in (
    'RECEIVED', 'PACKED', 'OPENED', 'RESERVED', 'SOLD', 'HANDED_OVER', 'LOST', 'DAMAGED', 'SUPPLIER_RETURNED',
    'QUARANTINED', 'RECALLED')),
  add constraint trace_code_sale_while_taken check (
    (sale_id is null) = (line_no is null)
    and (sale_id is not null or state not in ('RESERVED', 'SOLD', 'HANDED_OVER'))
    and (sale_id is null or state not in ('RECEIVED', 'PACKED', 'OPENED', 'RECALLED'))
    and (handed_over or state <> 'HANDED_OVER')
    and (sale_id is not null or not handed_over)),
  add constraint trace_code_packed_somewhere check (state <> 'PACKED' or parent_code is not null),
  add constraint trace_code_opened_pack check (parts >= 0 and (state <> 'OPENED' or parts > 0)),
  add constraint trace_code_not_in_itself check (parent_code <> trace_code);
create index trace_code_batch on trace_code (drug_code, batch_no);
create index trace_code_parent on trace_code (parent_code) where parent_code is not null;

-- A sale after its commit: handed over, or reversed (RETURNED: final, also for a late SaleCompleted).
alter table reservation
  add column restocked integer not null default 0,
  add column quarantined integer not null default 0,
  drop constraint reservation_state_known;
alter table reservation
  add constraint reservation_state_known
    check (state in ('RESERVED', 'RELEASED', 'SOLD', 'HANDED_OVER', 'RETURNED'));

-- One note of any other booking (出入库单), or the opening of a pack.
create table stock_move (
  move_id bigint generated always as identity primary key,
  holder_id text not null,
  note_id text not null,
  kind text not null,
  to_holder_id text,
  reason text not null,
  content_hash bytea not null,
  recorded_at timestamptz not null default now(),
  constraint stock_move_kind_known check (kind in (
    'TRANSFER', 'LOSS', 'GAIN', 'DAMAGE', 'SUPPLIER_RETURN', 'QUALITY_RETURN', 'PACK_OPENED')),
  constraint stock_move_transfer_has_taker check ((kind = 'TRANSFER') = (to_holder_id is not null)),
  constraint stock_move_content_hash_sha256 check (octet_length(content_hash) = 32)
);
create unique index stock_move_note_once on stock_move (holder_id, note_id) where kind <> 'PACK_OPENED';

-- Recalled batches (召回), for good; packages of the batch that are received later are recalled at once.
create table recall (
  recall_id uuid primary key,
  drug_code text not null,
  batch_no text not null,
  reason text not null,
  recalled_at timestamptz not null,
  constraint recall_batch_once unique (drug_code, batch_no)
);
-- Who had which package in which state when it was recalled.
create table recalled_code (
  recall_id uuid not null references recall,
  trace_code text not null references trace_code,
  holder_id text not null,
  state text not null,
  primary key (recall_id, trace_code)
);

-- A code seen twice (追溯码冲突), with what was on record and what was claimed. `seq` follows the order of commits.
create table code_conflict (
  seq bigint generated always as identity primary key,
  conflict_id uuid not null unique,
  trace_code text not null references trace_code,
  kind text not null,
  business_at timestamptz not null,
  known_holder_id text not null,
  known_place text not null,
  known_state text not null,
  known_sale_id uuid,
  known_note_id text not null,
  known_since timestamptz not null,
  claimed_holder_id text not null,
  claimed_place text not null,
  claimed_sale_id uuid,
  claimed_note_id text,
  constraint code_conflict_kind_known check (kind in ('DUPLICATE_SALE', 'NOT_HELD', 'DUPLICATE_RECEIPT')),
  constraint code_conflict_claim check (num_nonnulls(claimed_sale_id, claimed_note_id) = 1)
);
create unique index code_conflict_once
  on code_conflict (trace_code, kind, claimed_holder_id, coalesce(claimed_sale_id::text, claimed_note_id));

-- `place`: division of the holder at that time.
alter table movement
  add column move_id bigint references stock_move,
  add column recall_id uuid references recall,
  add column place text not null default '',
  drop constraint movement_cause;
alter table movement
  add constraint movement_note_known foreign key (holder_id, note_id) references delivery_note,
  add constraint movement_cause check (
    case
      when kind = 'RECEIVED' then note_id is not null
      when kind in ('RESERVED', 'RELEASED', 'SOLD', 'HANDED_OVER', 'RETURNED') then sale_id is not null
      when kind in ('TRANSFER', 'LOSS', 'GAIN', 'DAMAGE', 'SUPPLIER_RETURN', 'QUALITY_RETURN', 'PACK_OPENED')
        then move_id is not null
      when kind = 'RECALLED' then recall_id is not null
      else kind = 'QUARANTINED'
    end
    and num_nonnulls(note_id, sale_id, move_id, recall_id) = (case kind when 'QUARANTINED' then 0 else 1 end));
create unique index movement_note_once on movement (holder_id, note_id) where note_id is not null;
create unique index movement_recall_once on movement (recall_id, holder_id) where recall_id is not null;

-- State of the package after each step of its chain.
alter table custody add column state text;
alter table custody disable trigger custody_append_only;
update custody set state = case movement.kind when 'RELEASED' then 'RECEIVED' else movement.kind end
from movement where movement.movement_id = custody.movement_id;
alter table custody enable trigger custody_append_only;
alter table custody alter column state set not null;

-- Stock by pharmacy, product, batch and state (库存). Every change of a package appends its difference in the same
-- statement, whoever writes it; nobody waits for a shared row. Differences are folded into `stock` now and then.
create table stock (
  holder_id text not null,
  drug_code text not null,
  batch_no text not null,
  state text not null,
  codes bigint not null,
  primary key (holder_id, drug_code, batch_no, state),
  constraint stock_never_negative check (codes >= 0)
);
create table stock_change (
  change_id bigint generated always as identity primary key,
  holder_id text not null,
  drug_code text not null,
  batch_no text not null,
  state text not null,
  delta bigint not null
);
create index stock_change_holder on stock_change (holder_id, drug_code);
create view stock_now as
  select holder_id, drug_code, batch_no, state, sum(codes)::bigint as codes
  from (select holder_id, drug_code, batch_no, state, codes from stock
        union all select holder_id, drug_code, batch_no, state, delta from stock_change) as entry
  group by holder_id, drug_code, batch_no, state;
insert into stock
  select holder_id, drug_code, batch_no, state, count(*) from trace_code group by holder_id, drug_code, batch_no, state;

create function book_new_codes() returns trigger language plpgsql as $$
begin
  insert into stock_change (holder_id, drug_code, batch_no, state, delta)
  select holder_id, drug_code, batch_no, state, count(*) from came group by holder_id, drug_code, batch_no, state;
  return null;
end $$;
create function book_changed_codes() returns trigger language plpgsql as $$
begin
  insert into stock_change (holder_id, drug_code, batch_no, state, delta)
  select holder_id, drug_code, batch_no, state, sum(delta)
  from (select holder_id, drug_code, batch_no, state, -1 as delta from gone
        union all select holder_id, drug_code, batch_no, state, 1 from came) as change
  group by holder_id, drug_code, batch_no, state having sum(delta) <> 0;
  return null;
end $$;
create trigger trace_code_booked after insert on trace_code
  referencing new table as came for each statement execute function book_new_codes();
create trigger trace_code_rebooked after update on trace_code
  referencing old table as gone new table as came for each statement execute function book_changed_codes();
create trigger trace_code_stays before delete or truncate on trace_code
  for each statement execute function refuse_rewriting();
create trigger code_conflict_append_only before update or delete or truncate on code_conflict
  for each statement execute function refuse_rewriting();
create trigger recalled_code_append_only before update or delete or truncate on recalled_code
  for each statement execute function refuse_rewriting();

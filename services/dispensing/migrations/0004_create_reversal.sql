-- A reversal (冲正) is driven like the sale it takes back. Its packages are free for other sales afterwards.
alter table sale
  drop constraint sale_state_known,
  add constraint sale_state_known check (state in (
    'INTENT', 'RESERVED', 'SETTLED', 'COMPLETED', 'HANDED_OVER', 'RELEASING', 'ABANDONED', 'REVERSING', 'REVERSED')),
  drop constraint sale_list_once_sold,
  add constraint sale_list_once_sold
    check ((state in ('COMPLETED', 'HANDED_OVER', 'REVERSING', 'REVERSED')) = (list_sm3 is not null));
drop index sale_to_recover;
create index sale_to_recover on sale (lease_until)
  where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING', 'REVERSING');
create index sale_pharmacy on sale (pharmacy_id, sold_at, sale_id) where list_sm3 is not null;

create table sale_reversal (
  sale_id uuid primary key references sale,
  reason text not null,
  -- Packages that have left the counter.
  left_counter text[] not null,
  -- The client's request: scope and key.
  client_id text not null,
  request_key text not null,
  -- erx.common.v1.Actor who asked for it.
  actor bytea not null,
  profile_version text not null,
  -- Its SaleReversing: cause of what the other services do for it.
  reversing_event_id uuid not null,
  begun_at timestamptz not null,
  reversed_at timestamptz,
  constraint sale_reversal_one_per_request unique (client_id, request_key)
);

-- Who collected for whom (代办登记簿, HB-24c): with the sale before it is settled, and whoever took the packs.
create table sale_agent (
  sale_id uuid not null references sale,
  agent_person_id uuid not null,
  -- erx.common.v1.SealedPerson: opaque here.
  agent_sealed bytea not null,
  relation text not null,
  registered_at timestamptz not null,
  primary key (sale_id, agent_person_id)
);

-- A client that wants entries of its division sent to an address (订阅). The secrets that sign what is sent are derived
-- from a key file and this id: none stands here.
create table subscription (
  subscription_id uuid not null constraint subscription_pk primary key,
  client_id text not null,
  role text not null,
  division text not null,
  url text not null,
  -- Kinds of events, joined by commas; empty: every kind.
  types text not null,
  -- Another division that the event also belongs to; empty: anywhere.
  place text not null,
  state text not null constraint subscription_state_known check (state in ('ACTIVE', 'PAUSED')),
  -- Why the hub paused it (GONE); empty: the client did.
  reason text not null default '',
  -- Last number of the division that was looked at: what fits up to it was sent or waits in `delivery`.
  through bigint not null constraint subscription_through_not_negative check (through >= 0),
  delivered bigint not null default 0,
  -- Machine times.
  last_delivered_at timestamptz,
  created_at timestamptz not null
);
create index subscription_client on subscription (client_id, created_at);

-- What is to be sent, until it was; then its row is gone.
create table delivery (
  subscription_id uuid not null constraint delivery_subscription_fk references subscription on delete cascade,
  -- Order of sending within one key (prescription): causes before effects.
  sequence bigint not null generated always as identity,
  number bigint not null,
  event_id uuid not null constraint delivery_entry_fk references entry,
  key text not null,
  state text not null default 'WAITING' constraint delivery_state_known check (state in ('WAITING', 'GIVEN_UP')),
  attempts integer not null default 0,
  first_tried_at timestamptz,
  last_tried_at timestamptz,
  -- HTTP_500, TIMEOUT, UNREACHABLE, ADDRESS_FORBIDDEN …; empty before the first failure.
  problem text not null default '',
  -- While a process sends it: when others may take it over.
  due_at timestamptz not null,
  lease uuid,
  constraint delivery_pk primary key (subscription_id, sequence),
  constraint delivery_event_once unique (subscription_id, event_id)
);
create index delivery_due on delivery (subscription_id, due_at) where state = 'WAITING';
create index delivery_order on delivery (subscription_id, key, sequence) where state = 'WAITING';
create index delivery_entry on delivery (event_id);

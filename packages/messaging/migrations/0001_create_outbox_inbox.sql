-- Every event leaves through the outbox and arrives through the inbox, each in the transaction of its change.
create table outbox (
  seq bigint generated always as identity primary key,
  event_id uuid not null unique,
  topic text not null,
  key text not null,
  type text not null,
  headers text not null,
  payload bytea not null,
  created_at timestamptz not null default now(),
  published_at timestamptz
);
create index outbox_unpublished on outbox (seq) where published_at is null;

create table inbox (
  consumer text not null,
  event_id uuid not null,
  topic text not null,
  received_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

create table parked (
  consumer text not null,
  topic text not null,
  partition integer not null,
  "offset" bigint not null,
  key bytea,
  headers text not null,
  payload bytea,
  reason text not null,
  parked_at timestamptz not null default now(),
  primary key (consumer, topic, partition, "offset")
);

-- Answers of client requests by idempotency key; answer is null while a durable process still runs.
create table client_request (
  client_id text not null,
  key text not null,
  hash text not null,
  operation text not null,
  answer bytea,
  created_at timestamptz not null default now(),
  primary key (client_id, key)
);

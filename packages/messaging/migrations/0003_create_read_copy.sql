-- The read copies that processes of this service keep in memory: how old each is, and whether they agree.
create table read_copy (
  instance uuid primary key,
  started_at timestamptz not null,
  -- The last moment at which there was nothing that it had not read.
  current_at timestamptz,
  entries integer not null,
  hash text not null,
  written_at timestamptz not null default now()
);

-- The transparency log (RFC 6962, C2SP tlog-tiles) of everything recorded. One log is open; one that is not ended where
-- an older database was put in the place of a newer one.
create table log (
  log_id integer not null constraint log_pk primary key constraint log_id_counts_from_one check (log_id >= 1),
  -- Name under which its checkpoints are signed.
  origin text not null constraint log_origin_once unique,
  is_open boolean not null,
  -- Leaves given out. Whoever appends holds this row until the end of its transaction: no leaf becomes visible before
  -- those in front of it.
  size bigint not null constraint log_size_not_negative check (size >= 0)
);
create unique index log_one_open on log (is_open) where is_open;

create table log_leaf (
  log_id integer not null,
  index bigint not null constraint log_leaf_index_not_negative check (index >= 0),
  -- Exact bytes: erx.audit.v1.LogEntry, or, as the first of a log that follows another, the last checkpoint of that.
  entry bytea not null,
  event_id uuid,
  salt bytea constraint log_leaf_salt_is_32_bytes check (octet_length(salt) = 32),
  constraint log_leaf_pk primary key (log_id, index),
  constraint log_leaf_event_once unique (event_id, log_id),
  constraint log_leaf_event_is_salted check ((event_id is null) = (salt is null))
);

-- Full tiles of hashes; they never change. `root` stands for the tile in the one above.
create table log_tile (
  log_id integer not null,
  level smallint not null,
  index bigint not null,
  hashes bytea not null constraint log_tile_is_full check (octet_length(hashes) = 8192),
  root bytea not null constraint log_tile_root_is_32_bytes check (octet_length(root) = 32),
  constraint log_tile_pk primary key (log_id, level, index)
);

-- Every tree that was signed. A tree that did not grow is signed again from time to time.
create table log_checkpoint (
  log_id integer not null,
  size bigint not null,
  note text not null,
  -- Machine time.
  signed_at timestamptz not null,
  constraint log_checkpoint_pk primary key (log_id, size)
);

create trigger log_leaf_append_only before update or delete or truncate on log_leaf
  for each statement execute function refuse_rewriting();
create trigger log_tile_append_only before update or delete or truncate on log_tile
  for each statement execute function refuse_rewriting();
create trigger log_checkpoint_stays before delete or truncate on log_checkpoint
  for each statement execute function refuse_rewriting();
create trigger log_stays before delete or truncate on log
  for each statement execute function refuse_rewriting();

create function refuse_shrinking() returns trigger language plpgsql as $$
begin
  if new.log_id <> old.log_id or new.origin <> old.origin or new.size < old.size or (new.is_open and not old.is_open) then
    raise exception 'a log only grows' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger log_grows before update on log for each row execute function refuse_shrinking();

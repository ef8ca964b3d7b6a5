-- Every event of every topic, exactly as it was published. Never changed, never removed.
create table entry (
  event_id uuid not null constraint entry_pk primary key,
  type text not null,
  topic text not null,
  partition integer not null constraint entry_partition_not_negative check (partition >= 0),
  "offset" bigint not null constraint entry_offset_not_negative check ("offset" >= 0),
  key text not null,
  -- JSON object of texts.
  headers text not null,
  value bytea not null,
  -- Machine time.
  recorded_at timestamptz not null,
  constraint entry_position_once unique (topic, partition, "offset")
);

-- Last number given out in a division. Whoever numbers events holds the rows of their divisions until the end of its
-- transaction, so that a number becomes visible only after all smaller ones.
create table division_end (
  division text not null constraint division_end_pk primary key
    constraint division_end_division_is_six_digits check (division ~ '^[0-9]{6}$'),
  number bigint not null constraint division_end_not_negative check (number >= 0)
);

-- 1, 2, 3 … in each division that an event belongs to.
create table entry_number (
  division text not null constraint entry_number_division_fk references division_end,
  number bigint not null constraint entry_number_counts_from_one check (number >= 1),
  event_id uuid not null constraint entry_number_entry_fk references entry,
  constraint entry_number_pk primary key (division, number),
  constraint entry_number_event_once unique (event_id, division)
);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger entry_append_only before update or delete or truncate on entry
  for each statement execute function refuse_rewriting();
create trigger entry_number_append_only before update or delete or truncate on entry_number
  for each statement execute function refuse_rewriting();
create trigger division_end_stays before delete or truncate on division_end
  for each statement execute function refuse_rewriting();

create function refuse_going_back() returns trigger language plpgsql as $$
begin
  if new.division <> old.division or new.number < old.number then
    raise exception 'the numbers of a division only grow' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger division_end_grows before update on division_end
  for each row execute function refuse_going_back();

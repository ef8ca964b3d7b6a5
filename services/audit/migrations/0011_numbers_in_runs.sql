-- The numbers that one transaction gave out in a division, as one row: its events have them in order, from the first on.
-- An entry and its numbers bear the same `recorded_at`; by it the numbers of an event are found.
create table entry_run (
  division text not null constraint entry_run_division_fk references division_end,
  first_number bigint not null constraint entry_run_counts_from_one check (first_number >= 1),
  -- No foreign key: the books compare them with `entry`.
  event_ids uuid[] not null constraint entry_run_is_not_empty check (cardinality(event_ids) >= 1),
  -- Machine time.
  recorded_at timestamptz not null,
  constraint entry_run_pk primary key (division, first_number)
);
create index entry_run_recorded_at on entry_run (division, recorded_at);
create trigger entry_run_append_only before update or delete or truncate on entry_run
  for each statement execute function refuse_rewriting();

-- One recording bears one time, so that neighbours of one time are a run. None is longer than 1,000.
insert into entry_run (division, first_number, event_ids, recorded_at)
select division, min(number), array_agg(event_id order by number), recorded_at
from (
  select division, number, event_id, recorded_at, number / 1000 as piece,
         number - row_number() over (partition by division, recorded_at order by number) as gap
  from entry_number join entry using (event_id)) as numbered
group by division, recorded_at, gap, piece;

drop table entry_number;
drop index entry_recorded_at;

-- Topics of a new broker cluster (after a restore) count from 0 again: a position is one in its cluster only. Entries
-- from before this file have no name there.
alter table entry add column cluster text not null default '';
alter table entry drop constraint entry_position_once;
alter table entry add constraint entry_position_once unique (cluster, topic, partition, "offset");

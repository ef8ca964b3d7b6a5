-- A replay from an instant finds its first entry by it.
create index entry_recorded_at on entry (recorded_at);

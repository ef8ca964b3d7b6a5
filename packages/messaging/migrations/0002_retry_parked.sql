-- A parked message is tried again when somebody asks for it: its own service does so, and then forgets it or says why not.
alter table parked add column retry_requested_at timestamptz;
alter table parked add column attempts integer not null default 1;
create index parked_retry on parked (consumer) where retry_requested_at is not null;

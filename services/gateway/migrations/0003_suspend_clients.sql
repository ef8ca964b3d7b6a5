-- Machine time since which a client is switched off (停用): it gets no token, and those that it has are refused.
alter table client add column suspended_at timestamptz;
create index client_suspended on client (client_id) where suspended_at is not null;

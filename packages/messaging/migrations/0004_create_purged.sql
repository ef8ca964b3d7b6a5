-- Rows of outbox and inbox that were purged stay counted: the books compare every event there ever was.
create table purged (
  box text not null check (box in ('outbox', 'inbox')),
  -- Empty for the outbox.
  consumer text not null,
  topic text not null,
  events bigint not null,
  -- The newest of them by its id, which begins with its time.
  newest uuid not null,
  primary key (box, consumer, topic)
);

-- When this database was restored and its events were sent once more.
create table restored (at timestamptz not null);

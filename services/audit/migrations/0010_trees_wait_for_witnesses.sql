-- Machine time at which the tree was signed first: since then it waits for its witnesses. `signed_at` becomes younger
-- with each signature of a tree that does not grow.
alter table log_checkpoint add column first_signed_at timestamptz not null default now();

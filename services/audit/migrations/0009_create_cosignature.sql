-- What witnesses say of signed trees (C2SP tlog-cosignature): each that its tree goes on from all that it saw before.
create table log_cosignature (
  log_id integer not null,
  size bigint not null,
  -- Verifier key.
  witness text not null,
  -- Signature line of a note, with its newline.
  line text not null,
  -- Machine time at which it came. A tree that did not grow is cosigned again from time to time.
  cosigned_at timestamptz not null,
  constraint log_cosignature_pk primary key (log_id, size, witness),
  constraint log_cosignature_of_a_checkpoint foreign key (log_id, size) references log_checkpoint (log_id, size)
);
create index log_cosignature_by_time on log_cosignature (witness, cosigned_at);
create trigger log_cosignature_stays before delete or truncate on log_cosignature
  for each statement execute function refuse_rewriting();

-- One random data key per person (agents too), kept only wrapped by a hub key. This table is backed up apart.
create table person_key (
  person_id uuid not null,
  -- Stands in front of everything that was sealed with the key.
  version smallint not null constraint person_key_version_positive check (version >= 1),
  -- Names the hub key of the wrapping, so that a newer one can take over row by row.
  wrap_key_id text not null,
  wrapped bytea constraint person_key_is_wrapped_aes_256 check (octet_length(wrapped) = 60),
  created_at timestamptz not null default now(),
  wrapped_at timestamptz not null default now(),
  destroyed_at timestamptz,
  constraint person_key_pk primary key (person_id, version),
  constraint person_key_wrapped_until_destroyed check ((wrapped is null) = (destroyed_at is not null))
);

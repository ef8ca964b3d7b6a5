-- Programs with access to the hub, as the authority registered them. Keys are public.
create table client (
  client_id text not null constraint client_pk primary key,
  role text not null constraint client_role_known
    check (role in ('HOSPITAL', 'PHARMACY', 'PATIENT', 'REGULATOR', 'AGENCY', 'AUTHORITY')),
  institution_id text not null default '',
  division text not null default '',
  name text not null,
  -- JSON Web Key Set, text: {"keys":[…]}.
  jwks text not null,
  changed_at timestamptz not null,
  constraint client_acts_for_an_institution check ((institution_id <> '') = (role in ('HOSPITAL', 'PHARMACY')))
);

-- The key that signs access tokens: made at first start, one row.
create table signing_key (
  only_row boolean not null default true constraint signing_key_pk primary key
    constraint signing_key_one_row check (only_row),
  private_jwk text not null
);

-- What the token endpoint has to remember: client assertions that were used, until they expire.
create table oidc_record (
  model text not null,
  id text not null,
  payload text not null,
  expires_at timestamptz not null,
  constraint oidc_record_pk primary key (model, id)
);
create index oidc_record_expiry on oidc_record (expires_at);

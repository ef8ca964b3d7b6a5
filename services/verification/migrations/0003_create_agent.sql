-- Who collects for the patient of a check (代办人), with the credential shown for it.
create table identity_check_agent (
  check_id uuid not null constraint identity_check_agent_pk primary key
    constraint identity_check_agent_check_fk references identity_check,
  person_id uuid not null,
  name_sealed bytea not null,
  identity_sealed bytea not null,
  phone_sealed bytea not null,
  relation text not null constraint identity_check_agent_relation_known
    check (relation in ('SPOUSE', 'PARENT', 'CHILD', 'OTHER'))
);

-- A credential is good for one check, in whichever hand it was.
create table presented_credential (
  authority_id text not null,
  credential_id text not null,
  check_id uuid not null constraint presented_credential_check_fk references identity_check,
  holder text not null constraint presented_credential_holder_known check (holder in ('PATIENT', 'AGENT')),
  constraint presented_credential_pk primary key (authority_id, credential_id),
  constraint presented_credential_once_per_holder unique (check_id, holder)
);
insert into presented_credential (authority_id, credential_id, check_id, holder)
select authority_id, credential_id, check_id, 'PATIENT' from identity_check;

-- Asked before a person's key is destroyed: when was this person last here?
create index identity_check_person on identity_check (person_id);
create index identity_check_agent_person on identity_check_agent (person_id);

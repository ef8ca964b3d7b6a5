-- Asked before a person's key is destroyed: until when is anything of this person retained (GX-3k)?
create index prescription_person on prescription (person_id, retain_until);

-- Keyed hash of person and name, made by verification: names are compared without opening one. Null for persons imported
-- before there was one.
alter table person add column name_hash bytea
  constraint person_name_hash_is_sha256 check (octet_length(name_hash) = 32);

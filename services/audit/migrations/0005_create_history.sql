-- Under what a prescription can be found: its numbers, its patient and doctor, its sales, settlements and packs. Opaque
-- ids only. Kept beside the record, and made from it again at any time.
create table history_name (
  key text not null,
  prescription_id uuid not null,
  constraint history_name_pk primary key (key, prescription_id)
);
create index history_name_prescription on history_name (prescription_id);

-- What an event is about that is not told under the key of its prescription: packs, persons, the subject of a refusal.
create table history_mention (
  key text not null,
  event_id uuid not null,
  constraint history_mention_pk primary key (key, event_id)
);

-- Events about a prescription have its id as key.
create index entry_key on entry (key);

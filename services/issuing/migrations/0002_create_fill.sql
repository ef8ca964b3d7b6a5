-- What can become of a prescription after circulation: withdrawn, expired, on hold, sold and reversed.
alter table prescription
  drop constraint prescription_status_known,
  add constraint prescription_status_known check (status in (
    'PRECHECKED', 'CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'SETTLED', 'HANDED_OVER', 'ON_HOLD', 'WITHDRAWN',
    'EXPIRED')),
  -- Sales that are being taken back.
  add column reversing uuid[] not null default '{}',
  drop constraint prescription_hand_over_fits_status,
  add constraint prescription_hand_over_fits_status check (
    case status
      when 'SETTLED' then cardinality(awaiting_hand_over) + cardinality(reversing) > 0
      when 'PRECHECKED' then cardinality(awaiting_hand_over) + cardinality(reversing) = 0
      when 'HANDED_OVER' then cardinality(awaiting_hand_over) + cardinality(reversing) = 0
      else true
    end),
  -- Withdrawn prescription that this one was issued for anew (重开).
  add column replaces uuid constraint prescription_replaces_fk references prescription,
  -- Dispensing has answered that it is withdrawn; the event of it may still be on its way.
  add column withdrawal_answered_at timestamptz;
create index prescription_replaces on prescription (replaces) where replaces is not null;

-- Lines of sales (配药记录): which pharmacy filled what, as dispensing reports it.
create table fill (
  sale_id uuid not null,
  line_no integer not null,
  prescription_id uuid not null,
  pharmacy_id text not null,
  drug_code text not null,
  quantity bigint not null constraint fill_quantity_positive check (quantity > 0),
  sold_at timestamptz not null,
  state text not null constraint fill_state_known check (state in ('SOLD', 'HANDED_OVER', 'REVERSED')),
  constraint fill_pk primary key (sale_id, line_no),
  constraint fill_line_fk foreign key (prescription_id, line_no) references prescription_line
);
create index fill_prescription on fill (prescription_id, sold_at, sale_id, line_no);

-- A prescription on hold may be signed anew more than once in its life; every other proof it has once.
alter table evidence
  drop constraint evidence_role_known,
  add constraint evidence_role_known check (role in ('DOCTOR', 'HOSPITAL_PHARMACIST', 'PATIENT_CONSENT', 'ENDORSEMENT')),
  drop constraint evidence_pk,
  add constraint evidence_pk primary key (prescription_id, role, bytes_sm3);
create unique index evidence_of_upload_once on evidence (prescription_id, role) where role <> 'ENDORSEMENT';

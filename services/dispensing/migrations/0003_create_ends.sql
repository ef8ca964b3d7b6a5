-- Withdrawal (撤方), expiry (过期), hold (暂停) and what waits for a sale to end; due times for the clock's sweep.
alter table prescription
  -- Doctor whose signature it circulates under: who wrote it, or who endorsed it later.
  add column signer_id text,
  -- Asked for by the hospital: carried out, or waiting for a sale or a reversal to end.
  add column withdrawal_reason text,
  add column withdrawal_at timestamptz,
  -- The signer is not admitted any more: on hold, or waiting likewise.
  add column hold_reason text,
  add column hold_at timestamptz,
  -- Pharmacy whose lock was ended by others since nobody has locked it anew.
  add column ended_lock_pharmacy_id text not null default '';
update prescription set signer_id = doctor_id;
alter table prescription
  alter column signer_id set not null,
  -- When the clock alone changes it. A sale in flight is left alone, and what has ended stays so.
  add column due_at timestamptz generated always as (
    case when status in ('LOCKED', 'PHARMACIST_APPROVED') then least(lock_until, valid_until)
         when status in ('CIRCULATING', 'ON_HOLD') then valid_until end) stored,
  drop constraint prescription_status_known,
  add constraint prescription_status_known check (status in (
    'CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'SELLING', 'SETTLED', 'HANDED_OVER', 'ON_HOLD', 'WITHDRAWN',
    'EXPIRED')),
  add constraint prescription_withdrawal_whole check ((withdrawal_reason is null) = (withdrawal_at is null)),
  add constraint prescription_withdrawal_has_reason check (status <> 'WITHDRAWN' or withdrawal_at is not null),
  add constraint prescription_hold_whole check ((hold_reason is null) = (hold_at is null)),
  add constraint prescription_hold_has_reason check (status <> 'ON_HOLD' or hold_at is not null);
create index prescription_due on prescription (due_at) where due_at is not null;
create index prescription_signer on prescription (signer_id)
  where status not in ('HANDED_OVER', 'WITHDRAWN', 'EXPIRED');

-- A withdrawal that came before its prescription: it enters withdrawn.
create table withdrawal_tombstone (
  prescription_id uuid primary key,
  hospital_id text not null,
  reason text not null,
  -- erx.common.v1.Actor who asked for it.
  actor bytea not null,
  asked_at timestamptz not null
);

-- Admission of every doctor as registry told it last, for the check of whoever signed (HB-22-0).
create table signer (
  practitioner_id text primary key,
  revision bigint not null,
  -- erx.registry.v1.Practitioner: licence, insured status and filings only.
  admission bytea not null,
  -- Next instant at which a period of it begins or ends.
  due_at timestamptz
);
create index signer_due on signer (due_at) where due_at is not null;

-- Own copy of a prescription in circulation, and its state from there on (SM-4). This service alone decides about it.
create table prescription (
  prescription_id uuid primary key,
  hi_rxno text not null,
  rx_trace_code text not null,
  hospital_id text not null,
  doctor_id text not null,
  person_id uuid not null,
  -- erx.common.v1.SealedPerson: opaque here.
  patient_sealed bytea not null,
  document_sm3 text not null,
  category text not null,
  -- JSON list of {code, name}.
  diagnoses text not null,
  prescribed_at timestamptz not null,
  valid_until timestamptz not null,
  -- erx.common.v1.InsuranceFacts as judged at pre-check.
  insurance bytea not null,
  status text not null,
  lock_id uuid,
  lock_pharmacy_id text,
  lock_person_id uuid,
  lock_until timestamptz,
  history_viewed_by text,
  history_viewed_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  -- The sale in flight.
  selling_sale_id uuid,
  version integer not null,
  -- Newest event of this prescription that is known here: cause of the next one.
  last_event_id uuid not null,
  constraint prescription_trace_code_once unique (rx_trace_code),
  constraint prescription_status_known
    check (status in ('CIRCULATING', 'LOCKED', 'PHARMACIST_APPROVED', 'SELLING', 'SETTLED', 'HANDED_OVER')),
  constraint prescription_lock_whole
    check (num_nonnulls(lock_id, lock_pharmacy_id, lock_person_id, lock_until) in (0, 4)),
  constraint prescription_lock_while_visited
    check ((status in ('LOCKED', 'PHARMACIST_APPROVED', 'SELLING')) = (lock_id is not null)),
  constraint prescription_history_under_lock
    check ((history_viewed_by is null) = (history_viewed_at is null)
       and (history_viewed_by is null or lock_id is not null)),
  constraint prescription_approval_while_approved
    check ((approved_by is null) = (approved_at is null)
       and (status in ('PHARMACIST_APPROVED', 'SELLING')) = (approved_by is not null)),
  constraint prescription_sale_while_selling check ((status = 'SELLING') = (selling_sale_id is not null)),
  constraint prescription_version_positive check (version >= 1)
);
create index prescription_person on prescription (person_id, valid_until);

-- Quantities in 10⁻⁴ packs. Every pack prescribed stands in exactly one column.
create table prescription_line (
  prescription_id uuid not null references prescription,
  line_no integer not null,
  drug_code text not null,
  generic_name text not null,
  specification text not null,
  days integer not null,
  usage text not null,
  drug_class text not null,
  prescribed bigint not null,
  open bigint not null,
  held bigint not null,
  sold bigint not null,
  withdrawn bigint not null,
  expired bigint not null,
  primary key (prescription_id, line_no),
  constraint prescription_line_nothing_negative
    check (least(open, held, sold, withdrawn, expired) >= 0 and prescribed > 0),
  constraint prescription_line_books_balance check (open + held + sold + withdrawn + expired = prescribed)
);

-- What a pharmacist signed about a prescription under one lock (审方).
create table review_evidence (
  lock_id uuid primary key,
  prescription_id uuid not null references prescription,
  pharmacist_id text not null,
  opinion text not null,
  -- erx.issuing.v1.Evidence.
  evidence bytea not null,
  reviewed_at timestamptz not null,
  constraint review_evidence_opinion_known check (opinion in ('APPROVED', 'REFUSED'))
);

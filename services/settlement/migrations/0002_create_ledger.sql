-- Double-entry ledger in fen: what a fund layer or the patient owes stands positive, what the pharmacy is owed negative.
create table ledger_entry (
  sale_id uuid not null references settlement,
  posting text not null,
  account text not null,
  amount bigint not null,
  primary key (sale_id, posting, account),
  constraint ledger_entry_posting_known check (posting in ('SETTLEMENT', 'REVERSAL')),
  constraint ledger_entry_account_known
    check (account in ('FUND_BASIC', 'FUND_SERIOUS', 'FUND_AID', 'PATIENT', 'PHARMACY')),
  constraint ledger_entry_moves_something check (amount <> 0)
);

-- Looked at when the transaction ends: a posting sums to zero, and a reversal leaves nothing on any account of its sale.
create function refuse_unbalanced_posting() returns trigger language plpgsql as $$
begin
  if (select sum(amount) from ledger_entry where sale_id = new.sale_id and posting = new.posting) <> 0 then
    raise exception '% of sale % does not balance', new.posting, new.sale_id using errcode = 'check_violation';
  end if;
  if new.posting = 'REVERSAL' and exists (
    select from ledger_entry where sale_id = new.sale_id group by account having sum(amount) <> 0
  ) then
    raise exception 'REVERSAL of sale % leaves a rest', new.sale_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_entry_balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function refuse_unbalanced_posting();

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
  for each statement execute function refuse_rewriting();
create trigger settlement_amounts_append_only before update or delete or truncate on settlement_amounts
  for each statement execute function refuse_rewriting();
create trigger settlement_line_append_only before update or delete or truncate on settlement_line
  for each statement execute function refuse_rewriting();
create trigger settlement_step_append_only before update or delete or truncate on settlement_step
  for each statement execute function refuse_rewriting();

-- 放行: when the packages of a sale were cleared for their hand-over (business time). A recall that comes later lists them
-- as HANDING_OVER: they may be with the patient before the news of it is here.
alter table trace_code
  add column cleared_at timestamptz,
  add constraint trace_code_cleared_in_a_sale check (cleared_at is null or sale_id is not null);

-- Offset of the business clock from the machine's, in the sandbox. One row.
create table business_clock (
  only_row boolean not null default true constraint business_clock_pk primary key
    constraint business_clock_one_row check (only_row),
  version bigint not null constraint business_clock_version_not_negative check (version >= 0),
  offset_ms bigint not null
);
insert into business_clock (version, offset_ms) values (0, 0);

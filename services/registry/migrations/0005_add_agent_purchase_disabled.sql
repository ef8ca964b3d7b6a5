-- GX-4h: time in which nobody may collect for this person (限制代办购药), as the agency decided; null: never was.
alter table person
  add column agent_disabled_from timestamptz,
  add column agent_disabled_to timestamptz,
  add constraint person_agent_disabled_needs_start check (agent_disabled_from is not null or agent_disabled_to is null),
  add constraint person_agent_disabled_runs_forward
    check (agent_disabled_to is null or agent_disabled_from < agent_disabled_to);

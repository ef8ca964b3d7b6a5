import type { Query } from '@erx/postgres';
import { NATION } from '../domain/divisions.ts';

export type AuditBooks = {
  /** Recorded events by topic and type. */
  events: { topic: string; type: string; count: bigint }[];
  /** Divisions whose numbers are not 1, 2, 3 … up to their end, each of another recorded event: must be empty. */
  brokenNumberings: string[];
  /** Events without a number in the nation: must be empty. */
  unnumbered: string[];
};

/** What the operator's books compare with the outboxes of all services. */
export async function auditBooks(sql: Query): Promise<AuditBooks> {
  const events = await sql<AuditBooks['events']>`
    select topic, type, count(*) as count from entry group by topic, type order by topic, type`;
  // Each run begins where the one before ends, and as many different events stand in all of them as the end says. An
  // event is found by the time that its run bears.
  const broken = await sql<{ division: string }[]>`
    with run as (
      select division, first_number, first_number + cardinality(event_ids) as next,
             lag(first_number + cardinality(event_ids), 1, 1::bigint) over (partition by division order by first_number) as due
      from entry_run
    ), joined as (
      select division, bool_and(first_number = due) as is_joined, max(next) - 1 as greatest from run group by division
    ), given as (
      select division, count(distinct entry.event_id) as count
      from entry_run, unnest(event_ids) as id
      join entry on entry.event_id = id where entry.recorded_at = entry_run.recorded_at group by division
    )
    select division from division_end as last left join joined using (division) left join given using (division)
    where not coalesce(is_joined, true) or last.number <> coalesce(greatest, 0) or last.number <> coalesce(count, 0)
    order by division`;
  const unnumbered = await sql<{ eventId: string }[]>`
    select event_id as "eventId" from entry
    except select unnest(event_ids) from entry_run where division = ${NATION}
    order by "eventId" limit 20`;
  return {
    events: [...events],
    brokenNumberings: broken.map((row) => row.division),
    unnumbered: unnumbered.map((row) => row.eventId),
  };
}

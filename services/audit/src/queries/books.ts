import type { Sql } from '@erx/postgres';

export type AuditBooks = {
  /** Recorded events by topic and type. */
  events: { topic: string; type: string; count: bigint }[];
  /** Divisions whose numbers are not 1, 2, 3 … up to their end: must be empty. */
  brokenNumberings: string[];
  /** Events without a number in the nation: must be empty. */
  unnumbered: string[];
};

/** What the operator's books compare with the outboxes of all services. */
export async function auditBooks(sql: Sql): Promise<AuditBooks> {
  const events = await sql<AuditBooks['events']>`
    select topic, type, count(*) as count from entry group by topic, type order by topic, type`;
  // Numbers are distinct and count from one, so that as many of them as the greatest says leave no gap.
  const broken = await sql<{ division: string }[]>`
    select division from division_end as last
    left join (select division, count(*) as count, max(number) as greatest from entry_number group by division) as given
      using (division)
    where last.number <> coalesce(count, 0) or last.number <> coalesce(greatest, 0) order by division`;
  const unnumbered = await sql<{ eventId: string }[]>`
    select event_id as "eventId" from entry
    where not exists (
      select from entry_number where entry_number.event_id = entry.event_id and division = '100000')
    order by event_id limit 20`;
  return {
    events: [...events],
    brokenNumberings: broken.map((row) => row.division),
    unnumbered: unnumbered.map((row) => row.eventId),
  };
}

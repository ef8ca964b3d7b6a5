import type { Sql } from '@erx/postgres';
import { metrics } from '@erx/telemetry';

/** How many sales and reversals are on their way, and since when the oldest one is: by the machine's clock. */
export async function readSalesInFlight(sql: Sql): Promise<void> {
  // The id of a sale's first event carries machine time; the sale itself has business time.
  const [row] = await sql<{ count: number; oldest: number }[]>`
    select count(*)::int as count,
           coalesce(extract(epoch from now() - min(uuid_extract_timestamp(started_event_id))), 0)::float8 as oldest
    from sale where state in ('INTENT', 'RESERVED', 'SETTLED', 'RELEASING', 'REVERSING')`;
  metrics.salesInFlight.set({ service: 'dispensing' }, row?.count ?? 0);
  metrics.salesOldest.set({ service: 'dispensing' }, row?.oldest ?? 0);
}

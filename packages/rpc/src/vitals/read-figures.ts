import type { Database, Sql } from '@erx/postgres';
import { metrics } from '@erx/telemetry';

/** What every service's database says of its outbox, parked messages, read copies and connections. */
export async function readFigures(sql: Sql, { sql: pool }: Database, service: string): Promise<void> {
  const [row] = await sql<{ waiting: number; oldest: number; parked: number; copyAge: number }[]>`
    select (select count(*) from outbox where published_at is null)::int as waiting,
           (select ${age(sql, 'min(created_at)')} from outbox where published_at is null) as oldest,
           (select count(*) from parked)::int as parked,
           (select ${age(sql, 'min(coalesce(current_at, started_at))')} from read_copy) as "copyAge"`;
  metrics.outboxWaiting.set({ service }, row?.waiting ?? 0);
  metrics.outboxOldest.set({ service }, row?.oldest ?? 0);
  metrics.parked.set({ service }, row?.parked ?? 0);
  metrics.readCopyAge.set({ service }, row?.copyAge ?? 0);

  const connections = await sql<{ state: string; count: number }[]>`
    select state, count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = ${`erx-${service}`} and state is not null
    group by state`;
  for (const state of STATES) {
    metrics.connections.set({ service, state }, connections.find((it) => it.state === state)?.count ?? 0);
  }
  metrics.connectionsMax.set({ service }, pool.options.max);
}

/** Of PostgreSQL's, those that a pool's connection is in. */
const STATES = ['active', 'idle', 'idle in transaction', 'idle in transaction (aborted)'];

/** Seconds of machine time since an instant; 0 when there is none. */
const age = (sql: Sql, instant: string) =>
  sql`coalesce(greatest(0, extract(epoch from now() - ${sql.unsafe(instant)})), 0)::float8`;

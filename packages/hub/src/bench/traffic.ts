import { connect } from './connect.ts';

/** What the databases have done since they were made. */
export type Traffic = {
  /** Executions by statement: database and query id. */
  statements: Map<string, number>;
  /** Transactions of more than one statement. */
  transactions: number;
  /** Machine time of the reading, milliseconds. */
  at: number;
  events: number;
  eventBytes: number;
  walBytes: number;
};

export type TrafficPer = Record<'statements' | 'transactions' | 'events' | 'eventBytes' | 'walBytes', number>;

const ends: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback']);

type Databases = { adminUrl: string; databases: readonly string[] };

/** Lets PostgreSQL count statements; its server has the library loaded. */
export async function countStatements(adminUrl: string): Promise<void> {
  await using sql = connect(adminUrl);
  await sql`create extension if not exists pg_stat_statements`;
}

export async function readTraffic({ adminUrl, databases }: Databases): Promise<Traffic> {
  const sql = connect(adminUrl);
  try {
    const names = databases.map((url) => new URL(url).pathname.slice(1));
    const rows = await sql<{ id: string; kind: string; calls: string }[]>`
      select datname || '/' || queryid as id, lower(substring(query from '^\\w+')) as kind, sum(calls) as calls
      from pg_stat_statements join pg_database on pg_database.oid = dbid
      where datname = any(${names}) group by 1, 2`;
    const [log] = await sql<{ wal: string }[]>`select pg_current_wal_lsn() - '0/0' as wal`;
    const outboxes = await Promise.all(databases.map(readOutbox));
    return {
      statements: new Map(rows.filter(({ kind }) => !ends.has(kind)).map(({ id, calls }) => [id, Number(calls)])),
      transactions: rows.filter(({ kind }) => kind === 'begin').reduce((sum, { calls }) => sum + Number(calls), 0),
      at: Date.now(),
      walBytes: Number(log?.wal),
      events: outboxes.reduce((sum, { events }) => sum + events, 0),
      eventBytes: outboxes.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  } finally {
    await sql.end();
  }
}

async function readOutbox(url: string): Promise<{ events: number; bytes: number }> {
  const sql = connect(url);
  try {
    const [table] = await sql<{ there: boolean }[]>`select to_regclass('outbox') is not null as there`;
    if (!table?.there) return { events: 0, bytes: 0 };
    const [row] = await sql<{ events: string; bytes: string }[]>`
      select count(*) as events, coalesce(sum(octet_length(payload)), 0) as bytes from outbox`;
    return { events: Number(row?.events), bytes: Number(row?.bytes) };
  } finally {
    await sql.end();
  }
}

/** What goes on when nobody calls. */
export type Idle = { statements: ReadonlySet<string>; transactionsPerMs: number };

export function idleBetween(before: Traffic, after: Traffic): Idle {
  const ran = [...after.statements].filter(([id, calls]) => calls > (before.statements.get(id) ?? 0));
  return {
    statements: new Set(ran.map(([id]) => id)),
    transactionsPerMs: (after.transactions - before.transactions) / (after.at - before.at),
  };
}

/** What happened between two readings for each of so many lifecycles, without what goes on anyway. */
export function trafficPer(before: Traffic, after: Traffic, count: number, idle: Idle): TrafficPer {
  let statements = 0;
  for (const [id, calls] of after.statements) {
    if (!idle.statements.has(id)) statements += calls - (before.statements.get(id) ?? 0);
  }
  const per = (value: number): number => Math.round((value / count) * 10) / 10;
  return {
    statements: per(statements),
    transactions: per(after.transactions - before.transactions - idle.transactionsPerMs * (after.at - before.at)),
    events: per(after.events - before.events),
    eventBytes: per(after.eventBytes - before.eventBytes),
    walBytes: per(after.walBytes - before.walBytes),
  };
}

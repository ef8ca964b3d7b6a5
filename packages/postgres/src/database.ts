import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { openClient } from './address.ts';
import { drizzleOver } from './drizzle.ts';

export type Sql = postgres.Sql;
/** A pool, a transaction or a session: whatever runs a statement. */
export type Query = postgres.ISql;

/** One pool of connections: `sql` for plain statements, `db` (drizzle) for tables and reads over the same connections. */
export type Database = {
  url: string;
  sql: Sql;
  db: PostgresJsDatabase;
  /** Waits for running statements, at most five seconds. */
  close(): Promise<void>;
};

/** Seconds. The client's own pauses grow to 20 s, in which a server that is back is not noticed. */
export function pauseBeforeConnecting(failures: number): number {
  return Math.min(0.05 * 2 ** failures, 1);
}

/**
 * Opens a pool. `connections` bounds it; a statement may run 15 s, a transaction may idle 15 s, so that a stuck caller
 * gives its locks back. Parameters are text, numbers, dates or bytes: drizzle changes the client's JSON serialisers.
 */
export function openDatabase(url: string, connections: number, name: string): Database {
  const sql = openClient(url, {
    max: connections,
    connect_timeout: 10,
    idle_timeout: 60,
    backoff: pauseBeforeConnecting,
    connection: {
      application_name: `erx-${name}`,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
    },
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
  });
  return {
    url,
    sql: sql as unknown as Sql,
    db: drizzleOver(sql, sql.options),
    close: () => sql.end({ timeout: 5 }),
  };
}

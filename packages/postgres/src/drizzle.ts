// drizzle's ES modules cost 2 s and 300 MB at start on Node 24, the CommonJS build 0.3 s and 70 MB.
import { createRequire } from 'node:module';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';

const require = createRequire(import.meta.url);

const { drizzle } = require('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js');
/** Table builders: pgTable, text, uuid, … */
export const pg = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');
/** Query operators: eq, and, sql, … */
export const query = require('drizzle-orm') as typeof import('drizzle-orm');

type Unsafe = Pick<postgres.TransactionSql, 'unsafe'>;

// Texts of long lists differ with every length; kept prepared, they would fill the server.
const PARAMETERS_OF_A_PREPARED_STATEMENT = 64;

/**
 * drizzle over a client or a transaction, with statements that the server keeps prepared: left alone, drizzle has each
 * one parsed and described anew, with a round trip of its own.
 */
export function drizzleOver(client: Unsafe, options: postgres.ParsedOptions): PostgresJsDatabase {
  const prepared = {
    options,
    unsafe: (text: string, parameters: postgres.ParameterOrJSON<never>[] = []) =>
      client.unsafe(text, parameters, { prepare: parameters.length <= PARAMETERS_OF_A_PREPARED_STATEMENT }),
  };
  return drizzle(prepared as never);
}

/**
 * Reads rows of a table that plain SQL gave (`select table.*`, or the table's JSON form) as drizzle would have: for hot
 * paths, where building the statement anew each time costs more than running it. JSON holds whole numbers to 2^53.
 */
export function rowsOf<T extends PgTable>(table: T): (raw: Record<string, unknown>) => T['$inferSelect'] {
  const columns = Object.entries(query.getTableColumns(table));
  return (raw) =>
    Object.fromEntries(
      columns.map(([key, column]) => {
        const value = raw[column.name] ?? null;
        return [key, value === null ? null : column.mapFromDriverValue(value)];
      }),
    ) as T['$inferSelect'];
}

import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { Database } from './database.ts';
import { drizzleOver } from './drizzle.ts';

/** A running transaction: plain statements and drizzle share its one connection. */
export type Tx = { sql: postgres.TransactionSql; readonly db: PostgresJsDatabase };

function openTx(database: Database, sql: postgres.TransactionSql): Tx {
  let db: PostgresJsDatabase | undefined;
  return {
    sql,
    get db() {
      db ??= drizzleOver(sql, database.sql.options);
      return db;
    },
  };
}

const ATTEMPTS = 4;

/** Thrown inside a transaction to undo it and hand the refusal out. */
class Undo extends Error {
  outcome: unknown;
  constructor(outcome: unknown) {
    super('undo');
    this.outcome = outcome;
  }
}

/**
 * Runs `work` in one transaction and repeats it when the database reports a deadlock or a serialisation failure.
 * An answer of `refused` alone undoes everything that `work` wrote: a refused step changes nothing.
 * No remote call belongs into `work`.
 */
export async function inTransaction<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(database, work);
    } catch (error) {
      if (error instanceof Undo) return error.outcome as T;
      if (attempt >= ATTEMPTS || !isContention(error)) throw error;
    }
  }
}

async function runOnce<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const answer = await database.sql.begin(async (sql) => {
    const outcome = await work(openTx(database, sql));
    if (isRefusal(outcome)) throw new Undo(outcome);
    return outcome;
  });
  return answer as T;
}

// The same test as in @erx/errors, which this library does not know: `refused` and nothing beside it.
function isRefusal(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && Object.keys(outcome).join() === 'refused';
}

/** The code that the client or the server gave; drizzle hands their errors on as the cause of its own. */
function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return '';
}

function isContention(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

const CONNECTION_TROUBLE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'CONNECTION_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** True when a value of the statement was a text with NUL in it, which PostgreSQL keeps nowhere. */
export function isUnfitText(error: unknown): boolean {
  return ['22021', '22P05'].includes(codeOf(error));
}

/** True when the same statement may succeed later: lost connection, server starting or stopping, contention, no room. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return CONNECTION_TROUBLE.has(code) || isContention(error) || /^(08|53|57P|55P03|25P03)/.test(code);
}

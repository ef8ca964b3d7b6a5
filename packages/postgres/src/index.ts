export { openClient } from './address.ts';
export { type Database, openDatabase, pauseBeforeConnecting, type Query, type Sql } from './database.ts';
export { pg, query, rowsOf } from './drizzle.ts';
export { type MigrationSet, migrate } from './migrate.ts';
export { type ClientRequest, claimRequest, findRequest, forgetRequest, recall, rememberAnswer } from './request-log.ts';
export { type Session, startSoleWorker } from './sole-worker.ts';
export { inTransaction, isTransient, isUnfitText, type Tx } from './transaction.ts';

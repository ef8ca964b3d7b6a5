// drizzle's ES modules cost 2 s and 300 MB at start on Node 24, the CommonJS build 0.3 s and 70 MB.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const { drizzle } = require('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js');
/** Table builders: pgTable, text, uuid, … */
export const pg = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');
/** Query operators: eq, and, sql, … */
export const query = require('drizzle-orm') as typeof import('drizzle-orm');

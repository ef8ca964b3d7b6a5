import { openDatabase, type Sql } from '@erx/postgres';
import type { HubInProcess } from './hub-in-process.ts';
import { type ServiceName, serviceNames } from './hub-settings.ts';

export type OpenedDatabases = AsyncDisposable & { sqls: Record<ServiceName, Sql> };

/** What the services have written, for a test to look at. */
export function openDatabases({ databases }: Pick<HubInProcess, 'databases'>): OpenedDatabases {
  const opened = serviceNames.map((name) => [name, openDatabase(databases[name], 1, 'e2e')] as const);
  return {
    sqls: Object.fromEntries(opened.map(([name, { sql }]) => [name, sql])) as Record<ServiceName, Sql>,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map(([, database]) => database.close()));
    },
  };
}

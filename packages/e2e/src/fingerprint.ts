import type { Sql } from '@erx/postgres';
import { type ServiceName, serviceNames } from './hub-settings.ts';

/** SHA-256 over the rows of each table (`service.table`) of all databases, whatever their order. */
export type Fingerprint = ReadonlyMap<string, string>;

/** Folded now and then from one into the other; their sum, the view `stock_now`, is looked at instead. */
const FOLDED = ['stock', 'stock_change'];

/** Columns of a table (`service.table`) that are left out. */
export type Ignored = Readonly<Record<string, readonly string[]>>;

export async function fingerprint(sqls: Record<ServiceName, Sql>, ignored: Ignored = {}): Promise<Fingerprint> {
  const hashes = await Promise.all(
    serviceNames.map(async (service) => {
      const sql = sqls[service];
      const names = await sql<{ name: string }[]>`
        select table_name as name from information_schema.tables
        where table_schema = 'public' and table_name <> all(${FOLDED}) order by table_name`;
      const entries: [string, string][] = [];
      for (const { name } of names) {
        const table = `${service}.${name}`;
        const [row] = await sql<{ hash: string }[]>`
          select encode(sha256(convert_to(coalesce(string_agg(content, ';' order by content), ''), 'UTF8')), 'hex') as hash
          from (select (to_jsonb(t) - ${[...(ignored[table] ?? [])]}::text[])::text as content from ${sql(name)} as t)`;
        entries.push([table, row?.hash ?? '']);
      }
      return entries;
    }),
  );
  return new Map(hashes.flat());
}

/** Tables whose rows differ, in the order of their names. */
export function changedTables(before: Fingerprint, after: Fingerprint): string[] {
  const tables = new Set([...before.keys(), ...after.keys()]);
  return [...tables].filter((table) => before.get(table) !== after.get(table)).sort();
}

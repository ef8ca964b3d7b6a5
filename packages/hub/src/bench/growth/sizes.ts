import { connect } from '../connect.ts';

/** Bytes of a database's tables with everything that belongs to them, and of their indexes alone. */
export type Bytes = { total: number; indexes: number };
/** By database and table. */
export type Sizes = Record<string, Record<string, Bytes>>;

export async function readSizes(databases: Record<string, string>): Promise<Sizes> {
  const sizes: Sizes = {};
  for (const [service, url] of Object.entries(databases)) {
    await using sql = connect(url);
    const rows = await sql<{ name: string; total: string; indexes: string }[]>`
      select relname as name, pg_total_relation_size(oid) as total, pg_indexes_size(oid) as indexes
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
    sizes[service] = Object.fromEntries(
      rows.map(({ name, total, indexes }) => [name, { total: Number(total), indexes: Number(indexes) }]),
    );
  }
  return sizes;
}

/** What so many prescriptions added, for each of them; tables that hardly grew are left out. */
export function bytesEach(before: Sizes, after: Sizes, prescriptions: number): Sizes {
  return Object.fromEntries(
    Object.entries(after).map(([service, tables]) => [
      service,
      Object.fromEntries(
        Object.entries(tables)
          .map(([name, { total, indexes }]): [string, Bytes] => {
            const old = before[service]?.[name] ?? { total: 0, indexes: 0 };
            const each = (bytes: number): number => Math.round(bytes / prescriptions);
            return [name, { total: each(total - old.total), indexes: each(indexes - old.indexes) }];
          })
          .filter(([, { total }]) => total > 0),
      ),
    ]),
  );
}

export function sumOf(tables: Record<string, Bytes>): Bytes {
  const sum = (of: keyof Bytes): number => Object.values(tables).reduce((total, bytes) => total + bytes[of], 0);
  return { total: sum('total'), indexes: sum('indexes') };
}

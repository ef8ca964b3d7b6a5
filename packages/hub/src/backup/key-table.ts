import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';

type Sql = postgres.Sql;

/** An administrator's connection to verification's database. */
export function openKeyDatabase(adminUrl: string): Sql {
  const url = new URL(adminUrl);
  url.pathname = '/erx_verification';
  return postgres(url.href, { max: 1, onnotice: () => {} });
}

/** The files of the table of wrapped person keys with its indexes, relative to the cluster's folder. */
export async function keyTableFiles(sql: Sql): Promise<string[]> {
  const rows = await sql<{ path: string }[]>`
    with key_table as (select oid, reltoastrelid from pg_class where oid = 'person_key'::regclass),
         heap as (select oid from key_table union select reltoastrelid from key_table where reltoastrelid <> 0)
    select pg_relation_filepath(oid::regclass) as path from (
      select oid from heap union select indexrelid from pg_index where indrelid in (select oid from heap)) as part
    order by path`;
  return rows.map(({ path }) => path);
}

/** Writes the wrapped keys as they are now: what was destroyed meanwhile is not among them. */
export async function dumpKeys(sql: Sql, file: string): Promise<void> {
  const rows = await sql`copy person_key to stdout`.readable();
  await pipeline(rows, createWriteStream(file, { mode: 0o600, flush: true }));
}

/** Puts the wrapped keys in place of what the copy holds; gives their number. */
export async function loadKeys(sql: Sql, file: string): Promise<number> {
  return sql.begin(async (tx) => {
    await tx`truncate person_key`;
    await pipeline(createReadStream(file), await tx`copy person_key from stdin`.writable());
    const [row] = await tx<{ count: number }[]>`select count(*)::int as count from person_key`;
    return row?.count ?? 0;
  });
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { isTransient } from './transaction.ts';

/** Numbered plain-SQL files of one owner, `0001_….sql`, applied in order. */
export type MigrationSet = { owner: string; folder: URL };

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 300;
const LOCK = 0x6572_78_01; // 'erx' 01: one migrator at a time in a database

/**
 * Brings the database to the newest version, under a lock. Refuses when an applied file was edited or when a new file
 * sorts before an applied one: both would leave databases of the same version different.
 */
export async function migrate(database: Database, sets: readonly MigrationSet[]): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      await migrateOnce(database, sets);
      return;
    } catch (error) {
      // A server that has just been started again, or has no free connection yet.
      if (!isTransient(error) || Date.now() > end) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

async function migrateOnce(database: Database, sets: readonly MigrationSet[]): Promise<void> {
  await database.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    await sql`create table if not exists schema_migration (
      owner text not null, file text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (owner, file))`;
    for (const set of sets) {
      const applied = await sql<{ file: string; checksum: string }[]>`
        select file, checksum from schema_migration where owner = ${set.owner} order by file`;
      const known = new Map(applied.map((row) => [row.file, row.checksum]));
      const newest = applied.at(-1)?.file ?? '';
      for (const file of (await readdir(set.folder)).filter((name) => name.endsWith('.sql')).sort()) {
        const text = await readFile(new URL(file, set.folder), 'utf8');
        const checksum = createHash('sha256').update(text).digest('hex');
        const before = known.get(file);
        if (before === checksum) continue;
        if (before !== undefined) throw new Error(`migration ${set.owner}/${file} was changed after it was applied`);
        if (file < newest) throw new Error(`migration ${set.owner}/${file} sorts before the applied ${newest}`);
        await sql.unsafe(text);
        await sql`insert into schema_migration (owner, file, checksum) values (${set.owner}, ${file}, ${checksum})`;
      }
    }
  });
}

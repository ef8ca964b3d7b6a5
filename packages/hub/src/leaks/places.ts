import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Sql } from '@erx/postgres';
import type { Scanner } from './scanner.ts';

/** Found somewhere: `place` names it without repeating the text. */
export type Finding = { kind: Kind; place: string; label: string; encoding: string };

export const kinds = [
  'tables',
  'topics',
  'write-ahead log',
  'database files',
  'logs',
  'other files',
  'file names',
  'error answers',
  'traces',
  'metrics',
] as const;
export type Kind = (typeof kinds)[number];

export type Search = { findings: Finding[]; bytes: number };

/** Collects what a scanner finds, place by place. */
export type Searcher = Search & { look(kind: Kind, place: string, bytes: Buffer): void; scanner: Scanner };

export function startSearch(scanner: Scanner): Searcher {
  const search: Searcher = {
    findings: [],
    bytes: 0,
    scanner,
    look(kind, place, bytes) {
      search.bytes += bytes.length;
      for (const { needle, encoding } of scanner.scan(bytes)) {
        search.findings.push({ kind, place, label: needle.label, encoding });
      }
    },
  };
  return search;
}

/** Every column of every table as PostgreSQL sends it, in binary: text and bytes as they are, nothing compressed. */
export async function searchTables(search: Searcher, database: string, sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`;
  for (const { name } of tables) {
    const rows = await sql.unsafe(`copy ${name} to stdout (format binary)`).readable();
    await searchPieces(search, 'tables', `${database}.${name}`, rows);
  }
}

const PIECE = 4 * 1024 * 1024;

async function searchPieces(search: Searcher, kind: Kind, place: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    search.look(kind, place, bytes);
    rest = bytes.subarray(-search.scanner.longest);
  }
}

/**
 * Names and contents of all files below a folder. `kindOf` says what a file (by its path from there) is; undefined: its
 * content is not the hub's.
 */
export function searchFiles(search: Searcher, folder: string, kindOf: (path: string) => Kind | undefined): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const whole = join(entry.parentPath, entry.name);
    const path = relative(folder, whole);
    search.look('file names', `a path below ${relative(folder, entry.parentPath) || '.'}`, Buffer.from(path));
    const kind = kindOf(path);
    if (entry.isFile() && kind !== undefined) searchFile(search, kind, whole, path);
  }
}

function searchFile(search: Searcher, kind: Kind, whole: string, path: string): void {
  const file = openSync(whole, 'r');
  try {
    const buffer = Buffer.alloc(PIECE + search.scanner.longest);
    let kept = 0;
    for (;;) {
      const read = readSync(file, buffer, kept, PIECE, null);
      if (read === 0) return;
      const bytes = buffer.subarray(0, kept + read);
      search.look(kind, path, bytes);
      const rest = Buffer.from(bytes.subarray(-search.scanner.longest));
      rest.copy(buffer);
      kept = rest.length;
    }
  } finally {
    closeSync(file);
  }
}

import type { Query } from '@erx/postgres';
import { type FullTile, HASH_BYTES, leafHash, type ReadTile, TILE_WIDTH, type Tile, tilePath } from '@erx/tlog';

/** A log; only the open one grows. */
export type Log = { logId: number; origin: string; size: number };

type Row = { logId: number; origin: string; size: bigint };

export async function openLogOf(sql: Query): Promise<Log | undefined> {
  const [row] = await sql<Row[]>`select log_id as "logId", origin, size from log where is_open`;
  return row && { ...row, size: Number(row.size) };
}

export async function allLogs(sql: Query): Promise<Log[]> {
  const rows = await sql<Row[]>`select log_id as "logId", origin, size from log order by log_id`;
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** Entries of a log from an index on, in order; throws where one is missing. */
export async function readEntriesFrom(sql: Query, logId: number, from: number, most: number): Promise<Uint8Array[]> {
  const rows = await sql<{ index: bigint; entry: Uint8Array }[]>`
    select index, entry from log_leaf where log_id = ${logId} and index >= ${from} order by index limit ${most}`;
  rows.forEach(({ index }, n) => {
    if (index !== BigInt(from + n)) throw new Error(`log ${logId} has no leaf at index ${from + n}`);
  });
  return rows.map(({ entry }) => entry);
}

/** Reads tiles of hashes, also partial ones: from what stands below them. */
export function tileReader(sql: Query, logId: number): ReadTile {
  return async (tile) => {
    const [full] = await sql<{ hashes: Uint8Array }[]>`
      select hashes from log_tile where log_id = ${logId} and level = ${tile.level} and index = ${tile.index}`;
    if (full !== undefined) return full.hashes.subarray(0, tile.width * HASH_BYTES);
    const hashes = await hashesBelow(sql, logId, tile);
    if (hashes.length !== tile.width) throw new Error(`log ${logId} lacks what ${tilePath(tile)} is made of`);
    return Buffer.concat(hashes);
  };
}

async function hashesBelow(sql: Query, logId: number, tile: Tile & { level: number }): Promise<Uint8Array[]> {
  const first = tile.index * TILE_WIDTH;
  if (tile.level === 0) return (await readEntriesFrom(sql, logId, first, tile.width)).map(leafHash);
  const rows = await sql<{ root: Uint8Array }[]>`
    select root from log_tile
    where log_id = ${logId} and level = ${tile.level - 1} and index >= ${first} and index < ${first + tile.width}
    order by index`;
  return rows.map(({ root }) => root);
}

/** A tree that was signed: the whole note. */
export type SignedTree = { size: number; note: string; signedAt: Date };

export async function lastCheckpoint(sql: Query, logId: number): Promise<SignedTree | undefined> {
  const [row] = await sql<{ size: bigint; note: string; signedAt: Date }[]>`
    select size, note, signed_at as "signedAt" from log_checkpoint where log_id = ${logId} order by size desc limit 1`;
  return row && { ...row, size: Number(row.size) };
}

/** Keeps a signed tree and the tiles that became full with it; the same tree again only becomes younger. */
export async function keepCheckpoint(
  sql: Query,
  logId: number,
  { size, note, signedAt }: SignedTree,
  tiles: readonly FullTile[],
): Promise<void> {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  await sql`
    with filled as (
      insert into log_tile (log_id, level, index, hashes, root)
      select ${logId}, level, index, decode(hashes, 'hex'), decode(root, 'hex')
      from unnest(${tiles.map(({ level }) => level)}::smallint[], ${tiles.map(({ index }) => index)}::bigint[],
                  ${tiles.map(({ hashes }) => hex(hashes))}::text[], ${tiles.map(({ root }) => hex(root))}::text[])
        as t (level, index, hashes, root)
    )
    insert into log_checkpoint (log_id, size, note, signed_at, first_signed_at)
    values (${logId}, ${size}, ${note}, ${signedAt.toISOString()}, ${signedAt.toISOString()})
    on conflict (log_id, size) do update set note = excluded.note, signed_at = excluded.signed_at`;
}

import type { Sql } from '@erx/postgres';
import type { ReadLogFileResponse } from '@erx/proto/audit/v1/audit_service';
import { encodeEntries, parseTilePath, TILE_WIDTH, tileWidth } from '@erx/tlog';
import { servedTree, type Waiting } from '../store/cosignature-store.ts';
import { lastCheckpoint, readEntriesFrom, tileReader } from '../store/log-store.ts';

const NONE: ReadLogFileResponse = { content: undefined, immutable: false };

/**
 * A file of the log as C2SP tlog-tiles names it. Tiles and bundles are there as far as a signed tree needs them: a
 * partial one for every size up to that of the last checkpoint. `logId` 0 is the log that is open.
 */
export async function readLogFile(
  sql: Sql,
  waiting: Waiting,
  { logId, path }: { logId: number; path: string },
): Promise<ReadLogFileResponse> {
  const [log] = await sql<{ logId: number }[]>`
    select log_id as "logId" from log where case ${logId}::integer when 0 then is_open else log_id = ${logId} end`;
  const signed = log && (await lastCheckpoint(sql, log.logId));
  if (log === undefined || signed === undefined) return NONE;
  if (path === 'checkpoint') {
    const served = await servedTree(sql, waiting, log.logId, 0);
    return served === undefined ? NONE : { content: Buffer.from(served.note), immutable: false };
  }
  const tile = parseTilePath(path);
  if (tile === undefined || tile.width > tileWidth(signed.size, tile.level, tile.index)) return NONE;
  const { level, index, width } = tile;
  const content =
    level === 'entries'
      ? encodeEntries(await readEntriesFrom(sql, log.logId, index * TILE_WIDTH, width))
      : await tileReader(sql, log.logId)({ level, index, width });
  return { content, immutable: true };
}

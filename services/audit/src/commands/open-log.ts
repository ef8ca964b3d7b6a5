import { randomBytes } from 'node:crypto';
import { type Database, inTransaction, type Query, type Tx } from '@erx/postgres';
import { isInvalid, leafHash, openCheckpoint, openTree, sameBytes, treeRoot } from '@erx/tlog';
import { decideOpening } from '../domain/decide-opening.ts';
import type { LogKeys } from '../outbound/log-keys.ts';
import type { OutsideCheckpoint } from '../outbound/outside-checkpoint.ts';
import { examineLog } from '../queries/examine-log.ts';
import { type Log, lastCheckpoint, openLogOf, readEntriesFrom, tileReader } from '../store/log-store.ts';
import { enterEarlier } from './enter-earlier.ts';

const LOCK = 0x6572_78_03;

export type LogParts = { database: Database; keys: LogKeys; outside: OutsideCheckpoint };

/** The tree in the database is not the one that was signed. */
export class LogBrokenError extends Error {
  override name = 'LogBrokenError';
}

/**
 * Makes sure that a log is open, before anything is recorded. Throws LogBrokenError, with the index, when the tree in
 * the database is not the one whose checkpoint is kept outside or in the database. A database that is older than the
 * checkpoint outside goes on under a new origin whose first entry is that checkpoint.
 */
export async function openLog(parts: LogParts): Promise<void> {
  await inTransaction(parts.database, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(${LOCK})`;
    const log = await openLogOf(tx.sql);
    const outside = await readOutside(parts);
    const [first] = log === undefined ? [] : await readEntriesFrom(tx.sql, log.logId, 0, 1);
    const firstEntry = first && new TextDecoder().decode(first);
    const opening = decideOpening(log && { ...log, firstEntry }, outside);
    if (opening.kind === 'FIRST') await begin(tx, parts.keys.origin, []);
    else if (opening.kind === 'FOLLOW') {
      // Not made from the note: one backup restored twice gives two logs, which must not bear one name.
      const suffix = randomBytes(4).toString('hex');
      await begin(tx, `${parts.keys.origin}/${suffix}`, [new TextEncoder().encode(opening.note)]);
    } else if (log !== undefined) {
      await compare(parts, tx.sql, log, opening.mustContain ? outside : undefined);
    }
  });
}

async function readOutside({ keys, outside }: LogParts) {
  const note = await outside.read();
  if (note === undefined) return undefined;
  const [origin = ''] = note.split('\n', 1);
  const opened = openCheckpoint(note, keys.verifiers(origin));
  if (isInvalid(opened)) throw new LogBrokenError(`the checkpoint kept outside the database: ${opened.invalid}`);
  return { ...opened.checkpoint, note };
}

async function begin(tx: Tx, origin: string, entries: readonly Uint8Array[]): Promise<void> {
  await tx.sql`update log set is_open = false where is_open`;
  const [row] = await tx.sql<{ logId: number }[]>`
    insert into log (log_id, origin, is_open, size)
    select coalesce(max(log_id), 0) + 1, ${origin}, true, ${entries.length} from log returning log_id as "logId"`;
  if (row === undefined) throw new Error('no log was made');
  for (const entry of entries)
    await tx.sql`insert into log_leaf (log_id, index, entry) values (${row.logId}, 0, ${entry})`;
  await enterEarlier(tx, row.logId);
}

type Head = { size: number; root: Uint8Array };

async function compare({ keys }: LogParts, sql: Query, log: Log, outside: Head | undefined): Promise<void> {
  const signed = await lastCheckpoint(sql, log.logId);
  const opened = signed && openCheckpoint(signed.note, keys.verifiers(log.origin));
  if (isInvalid(opened)) throw new LogBrokenError(`the last checkpoint of ${log.origin}: ${opened.invalid}`);
  const heads = [opened?.checkpoint, outside].filter((head): head is Head => head !== undefined);
  for (const head of heads) {
    const root = await rootAt(sql, log, opened?.checkpoint.size ?? 0, head.size).catch((error: Error) => error);
    if (!(root instanceof Error) && sameBytes(root, head.root)) continue;
    const [finding] = await examineLog(sql, keys, log)
      .next()
      .then(({ value }) => [value]);
    const where = finding === undefined ? `the first ${head.size} leaves` : `index ${finding.index}: ${finding.what}`;
    throw new LogBrokenError(`log ${log.origin} does not match its checkpoint of ${head.size} leaves at ${where}`);
  }
}

/** Root of the first `size` leaves; tiles are there for `tiled` leaves. */
async function rootAt(sql: Query, log: Log, tiled: number, size: number): Promise<Uint8Array> {
  const readTile = tileReader(sql, log.logId);
  if (size <= tiled) return treeRoot(size, readTile);
  const tree = await openTree(tiled, readTile);
  tree.append((await readEntriesFrom(sql, log.logId, tiled, size - tiled)).map(leafHash));
  if (tree.size !== size) throw new Error(`log ${log.logId} has no leaf at index ${tree.size}`);
  return tree.root();
}

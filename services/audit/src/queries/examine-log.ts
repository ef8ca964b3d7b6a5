import type { Query } from '@erx/postgres';
import { EMPTY_ROOT, isInvalid, leafHash, openCheckpoint, openTree, sameBytes } from '@erx/tlog';
import type { LogKeys } from '../outbound/log-keys.ts';
import { entryOf } from '../store/log-leaf.ts';
import type { Log } from '../store/log-store.ts';

/** Something in a log that is not as it was signed; `index` is where it was seen first. */
export type Finding = { logId: number; index: number; what: string };

type Row = {
  index: bigint;
  entry: Uint8Array;
  eventId: string | null;
  salt: Uint8Array | null;
  type: string | null;
  value: Uint8Array | null;
};

const PAGE = 1_000;

/**
 * Recomputes a whole log: each event's bytes against its leaf, the leaves against the tiles, the tree against every
 * checkpoint that was kept, and so these with each other. Yields what does not match, in ascending order.
 */
export async function* examineLog(sql: Query, keys: LogKeys, log: Log): AsyncGenerator<Finding, undefined> {
  const { logId } = log;
  const find = (index: number, what: string): Finding => ({ logId, index, what });
  const tree = await openTree(0, async () => new Uint8Array());
  const checkpoints = checkpointsOf(sql, keys, log);
  let next = await checkpoints.next();
  for (;;) {
    const rows = await sql<Row[]>`
      select index, log_leaf.entry, event_id as "eventId", salt, type, value
      from log_leaf left join entry using (event_id)
      where log_id = ${logId} and index >= ${tree.size} order by index, event_id limit ${PAGE}`;
    for (const row of rows) {
      const index = Number(row.index);
      if (index < tree.size) yield find(index, 'the index was given to two leaves');
      if (index > tree.size) yield find(tree.size, 'the leaf is missing');
      if (index !== tree.size) return;
      const problem = problemOf(row);
      if (problem !== undefined) yield find(index, problem);
      for (const tile of tree.append([leafHash(row.entry)])) {
        const kept = await keptTile(sql, logId, tile.level, tile.index);
        if (kept === undefined) continue; // not signed yet
        const width = 256 ** (tile.level + 1);
        const differs = firstDifference(kept.hashes, tile.hashes);
        if (differs !== undefined) {
          yield find(
            tile.index * width + differs * 256 ** tile.level,
            `tile ${tile.level}/${tile.index} was made of another leaf`,
          );
        } else if (!sameBytes(kept.root, tile.root)) yield find(tile.index * width, 'the root of a tile is false');
      }
      while (!next.done && next.value.size === tree.size) {
        const { size, root, problem } = next.value;
        if (problem !== undefined) yield find(size, problem);
        else if (!sameBytes(root, tree.root()))
          yield find(size - 1, `the tree of ${size} leaves is not the one that was signed`);
        next = await checkpoints.next();
      }
    }
    if (rows.length < PAGE) break;
  }
  const [all] = await sql<{ leaves: bigint }[]>`select count(*) as leaves from log_leaf where log_id = ${logId}`;
  if (tree.size < log.size) yield find(tree.size, 'the leaf is missing');
  else if (all?.leaves !== BigInt(log.size)) yield find(log.size, 'there are more leaves than were given out');
  else if (!next.done) yield find(tree.size, `a tree of ${next.value.size} leaves was signed, and these are missing`);
  return undefined;
}

/** Why a leaf is not the one of its event. */
function problemOf({ index, entry, eventId, salt, type, value }: Row): string | undefined {
  if (eventId === null || salt === null) return index === 0n ? undefined : 'the leaf belongs to no event';
  if (type === null || value === null) return 'the event of the leaf is missing';
  return sameBytes(entryOf({ id: eventId, type, value }, salt), entry) ? undefined : 'event and leaf differ';
}

async function keptTile(sql: Query, logId: number, level: number, index: number) {
  const [tile] = await sql<{ hashes: Uint8Array; root: Uint8Array }[]>`
    select hashes, root from log_tile where log_id = ${logId} and level = ${level} and index = ${index}`;
  return tile;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const at = a.findIndex((byte, n) => byte !== b[n]);
  return at < 0 ? undefined : Math.floor(at / 32);
}

/** Every kept checkpoint in ascending order, verified. */
async function* checkpointsOf(sql: Query, keys: LogKeys, { logId, origin }: Log) {
  for (let after = -1; ; ) {
    const rows = await sql<{ size: bigint; note: string }[]>`
      select size, note from log_checkpoint where log_id = ${logId} and size > ${after} order by size limit ${PAGE}`;
    for (const { size, note } of rows) {
      const opened = openCheckpoint(note, keys.verifiers(origin));
      if (isInvalid(opened)) yield { size: Number(size), root: EMPTY_ROOT, problem: opened.invalid };
      else if (opened.checkpoint.size !== Number(size))
        yield { size: Number(size), root: EMPTY_ROOT, problem: 'a checkpoint of another size' };
      else yield { size: Number(size), root: opened.checkpoint.root, problem: undefined };
      after = Number(size);
    }
    if (rows.length < PAGE) return;
  }
}

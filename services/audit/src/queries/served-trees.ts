import type { Sql } from '@erx/postgres';
import type { Logged, ServedCheckpoint } from '@erx/proto/audit/v1/audit_service';
import { type ServedTree, servedTree, type Waiting } from '../store/cosignature-store.ts';

/** The tree of a log that is served now; one look for all who ask within a moment. */
export type ServedTrees = (logId: number) => Promise<ServedTree | undefined>;

const FRESH_MS = 200;

export function openServedTrees(sql: Sql, waiting: Waiting): ServedTrees {
  const looks = new Map<number, ReturnType<ServedTrees>>();
  return (logId) => {
    const known = looks.get(logId);
    if (known !== undefined) return known;
    const look = servedTree(sql, waiting, logId, 0);
    looks.set(logId, look);
    setTimeout(() => looks.delete(logId), FRESH_MS).unref();
    return look;
  };
}

/** What one reader has been told of trees, and is owed: one that holds more of the entries told. */
export function toldTrees(served: ServedTrees) {
  let told = { logId: 0, size: 0 };
  // Under traffic the last entry told is always ahead of the newest tree: the first one decides when a tree is due.
  let owed: { logId: number; first: bigint; last: bigint } | undefined;
  return {
    owe(leaf: Logged | undefined): void {
      if (leaf === undefined || (leaf.logId === told.logId && leaf.index < told.size)) return;
      const { logId, index } = leaf;
      owed = { logId, first: owed?.logId === logId ? owed.first : index, last: index };
    },
    isOwed: (): boolean => owed !== undefined,
    /** The tree that is owed, once it is served. */
    async due(): Promise<ServedCheckpoint | undefined> {
      if (owed === undefined) return undefined;
      const { logId, first, last } = owed;
      const tree = await served(logId);
      if (tree === undefined || tree.size <= first) return undefined;
      told = { logId, size: tree.size };
      owed = tree.size > last ? undefined : { logId, first: last, last };
      return { logId, note: tree.note };
    },
  };
}

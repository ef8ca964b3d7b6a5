import type { Database } from '@erx/postgres';
import type { Entry, FollowEntriesRequest } from '@erx/proto/audit/v1/audit_service';
import type { News } from '../inbound/news.ts';
import { lastLeaf, type Page, pageFor, type Reader, startOf } from './read-page.ts';
import { type ServedTrees, toldTrees } from './served-trees.ts';

const PAGE = 200;
// News may be lost with its connection; then this is the longest delay of an entry.
const LOOK_AGAIN_MS = 5_000;
// Nobody is told when a tree is served. It is a second or two after the entry.
const LOOK_FOR_TREE_MS = 250;

type Parts = { database: Database; news: News; served: ServedTrees };

/**
 * Entries of a division after a number, and each later one when it comes, until the signal aborts. What a filter passed
 * over is told in between, and, if asked for, each signed tree that holds entries which no tree told before holds. A page
 * is read when the one before was taken: a slow reader holds no connection and no lock, and at most one page.
 */
export async function* followEntries(
  { database: { sql }, news, served }: Parts,
  reader: Reader,
  { after: from, since, filter, withCheckpoints }: FollowEntriesRequest,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const { division } = reader;
  const trees = toldTrees(served);
  let after = await startOf(sql, division, { after: from, since });
  while (!signal.aborted) {
    const seen = news.count(division);
    const page = await pageFor(sql, reader, after, PAGE, filter);
    for (const entry of inOrder(page)) {
      yield entry;
      if (signal.aborted) return;
    }
    if (withCheckpoints) {
      trees.owe(lastLeaf(page.entries));
      const checkpoint = await trees.due();
      if (checkpoint !== undefined) yield { ...nothing, checkpoint };
    }
    const pause = trees.isOwed() ? LOOK_FOR_TREE_MS : LOOK_AGAIN_MS;
    if (page.through === after) await news.next(division, seen, AbortSignal.any([signal, AbortSignal.timeout(pause)]));
    after = page.through;
  }
}

/** Entries and marks of what was passed over, by number. */
function inOrder({ entries, passedOver, end }: Page): Entry[] {
  const marks = passedOver.map((range): Entry => ({ ...nothing, number: range.to, passedOver: range, end }));
  return [...entries, ...marks].sort((a, b) => (a.number < b.number ? -1 : 1));
}

const nothing = {
  number: 0n,
  eventId: '',
  type: '',
  topic: '',
  partition: 0,
  offset: 0n,
  key: '',
  headers: {},
  value: new Uint8Array(),
  recordedAt: undefined,
  logged: undefined,
  schemaVersion: 0,
  masked: [],
  passedOver: undefined,
  end: 0n,
  checkpoint: undefined,
};

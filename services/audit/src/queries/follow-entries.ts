import type { Database } from '@erx/postgres';
import type { Entry, FollowEntriesRequest } from '@erx/proto/audit/v1/audit_service';
import type { News } from '../inbound/news.ts';
import { type Page, pageFor, type Reader, startOf } from './read-page.ts';

const PAGE = 200;
// News may be lost with its connection; then this is the longest delay of an entry.
const LOOK_AGAIN_MS = 5_000;

/**
 * Entries of a division after a number, and each later one when it comes, until the signal aborts. What a filter passed
 * over is told in between. A page is read when the one before was taken: a slow reader holds no connection and no lock,
 * and at most one page.
 */
export async function* followEntries(
  { sql }: Database,
  news: News,
  reader: Reader,
  { after: from, since, filter }: FollowEntriesRequest,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const { division } = reader;
  let after = await startOf(sql, division, { after: from, since });
  while (!signal.aborted) {
    const seen = news.count(division);
    const page = await pageFor(sql, reader, after, PAGE, filter);
    for (const entry of inOrder(page)) {
      yield entry;
      if (signal.aborted) return;
    }
    if (page.through === after)
      await news.next(division, seen, AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]));
    after = page.through;
  }
}

/** Entries and marks of what was passed over, by number. */
function inOrder({ entries, passedOver, end }: Page): Entry[] {
  const marks = passedOver.map((range): Entry => ({ ...nothing, number: range.to, passedOver: range, end }));
  return [...entries, ...marks].sort((a, b) => (a.number < b.number ? -1 : 1));
}

const nothing = {
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
};

import type { Database } from '@erx/postgres';
import type { Entry } from '@erx/proto/audit/v1/audit_service';
import type { News } from '../inbound/news.ts';
import { readPage } from '../store/entry-store.ts';

const PAGE = 100;
// News may be lost with its connection; then this is the longest delay of an entry.
const LOOK_AGAIN_MS = 5_000;

/**
 * Entries of a division after a number, and each later one when it comes, until the signal aborts. A page is read when
 * the one before was taken: a slow reader holds no connection and no lock.
 */
export async function* followEntries(
  { sql }: Database,
  news: News,
  reader: { division: string; after: bigint },
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const { division } = reader;
  let { after } = reader;
  while (!signal.aborted) {
    const seen = news.count(division);
    const entries = await readPage(sql, division, after, PAGE);
    for (const entry of entries) {
      yield entry;
      if (signal.aborted) return;
      after = entry.number;
    }
    if (entries.length === 0)
      await news.next(division, seen, AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]));
  }
}

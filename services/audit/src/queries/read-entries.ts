import { type Refusal, type Refused, refusal } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { ReadEntriesRequest, ReadEntriesResponse } from '@erx/proto/audit/v1/audit_service';
import { isInstant } from '@erx/values';
import { lastLeaf, pageFor, type Reader, startOf } from './read-page.ts';
import type { ServedTrees } from './served-trees.ts';

const LIMIT_MAX = 1_000;

/**
 * A page of the reader's own division, from any position or instant, as its role sees it. It may hold fewer entries than
 * asked for where these are large or filtered; nothing follows when `through` is `end`. REQUEST_INVALID: limit not 1 to
 * 1,000, position below 0.
 */
export async function readEntries(
  { database: { sql }, served }: { database: Database; served: ServedTrees },
  { after, limit, filter, since }: ReadEntriesRequest,
  reader: Reader,
): Promise<ReadEntriesResponse | Refused> {
  const problems: Refusal[] = [];
  if (after < 0n) problems.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE' }, '/after'));
  if (limit < 1 || limit > LIMIT_MAX) {
    problems.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE', max: String(LIMIT_MAX) }, '/limit'));
  }
  if (since !== undefined && !isInstant(since)) {
    problems.push(refusal('REQUEST_INVALID', { problem: 'NOT_AN_INSTANT' }, '/since'));
  }
  if (problems.length > 0) return { refused: problems };
  const page = await pageFor(sql, reader, await startOf(sql, reader.division, { after, since }), limit, filter);
  const leaf = lastLeaf(page.entries);
  const tree = leaf && (await served(leaf.logId));
  return { ...page, checkpoint: leaf && tree && { logId: leaf.logId, note: tree.note } };
}

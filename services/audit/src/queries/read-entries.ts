import { type Refusal, type Refused, refusal } from '@erx/errors';
import type { Database } from '@erx/postgres';
import type { ReadEntriesRequest, ReadEntriesResponse } from '@erx/proto/audit/v1/audit_service';
import type { Actor } from '@erx/proto/common/v1/common';
import { readPage } from '../store/entry-store.ts';
import { lastNumber } from '../store/numbering.ts';

const LIMIT_MAX = 500;

/**
 * A page of the reader's own division, from any position. It may hold fewer entries than asked for where these are
 * large; only an empty page says that nothing follows. REQUEST_INVALID: limit not 1 to 500, position below 0.
 */
export async function readEntries(
  { sql }: Database,
  { after, limit }: ReadEntriesRequest,
  { division }: Pick<Actor, 'division'>,
): Promise<ReadEntriesResponse | Refused> {
  const problems: Refusal[] = [];
  if (after < 0n) problems.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE' }, '/after'));
  if (limit < 1 || limit > LIMIT_MAX) {
    problems.push(refusal('REQUEST_INVALID', { problem: 'OUT_OF_RANGE', max: String(LIMIT_MAX) }, '/limit'));
  }
  if (problems.length > 0) return { refused: problems };
  const entries = await readPage(sql, division, after, limit);
  // Read afterwards: the end is never before an entry of the page.
  return { entries, end: await lastNumber(sql, division) };
}

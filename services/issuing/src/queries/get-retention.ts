import type { Database } from '@erx/postgres';
import type { GetRetentionRequest, GetRetentionResponse } from '@erx/proto/issuing/v1/issuing_service';

/** GX-3k: until when the last prescription of a person is retained; no instant when there is none. */
export async function getRetention(
  { sql }: Database,
  { personId }: GetRetentionRequest,
): Promise<GetRetentionResponse> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from max(retain_until)) * 1000)::float8 as ms from prescription where person_id = ${personId}`;
  return { retainUntil: row === undefined || row.ms === null ? undefined : new Date(row.ms) };
}

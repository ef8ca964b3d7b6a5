import { setTimeout as sleep } from 'node:timers/promises';

/** One GET to the hub with this client's token. */
export type Ask = (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/** The hub refused; asking again does not help. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** Throws RefusedError, or after the pause that the hub asks for an error that means «again». */
export async function mustBeGood(response: Response): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  const isForNow = [401, 429, 502, 503, 504].includes(response.status);
  if (!isForNow) throw new RefusedError(`HTTP ${response.status} ${text.slice(0, 300)}`);
  await sleep(1_000 * Number(response.headers.get('retry-after') ?? 0));
  throw new Error(`HTTP ${response.status}`);
}

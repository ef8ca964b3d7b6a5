import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditEntry, firstOf, type Item, itemsOf, lastOf, type Page } from './items.ts';
import type { Place } from './place.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** One GET to the hub with this client's token. */
export type Ask = (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

type Options = {
  ask: Ask;
  /** Moved when an entry has been dealt with, that is when the next one is asked for. */
  place: Place;
  /** Query parameters `type` and `place` of the API; empty: everything. */
  filter?: Record<string, string>;
  signal: AbortSignal;
};

/** A number is missing: the hub did not tell of it. */
export class GapError extends Error {
  override name = 'GapError';
}

/** The hub refused; asking again does not help. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

const PAGE = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** The hub's stream beats every 15 s: a line that is silent for longer is dead. */
const SILENT_MS = 60_000;

/**
 * Every entry of the division from the kept place on, in order: by pages until the end, then by the stream as they come,
 * and by pages again whenever the stream breaks or cannot be had. Throws GapError when a number is missing and RefusedError
 * when the hub refuses; goes on for ever otherwise, until the signal aborts.
 */
export async function* followAudit(options: Options): AsyncGenerator<AuditEntry> {
  const { place, signal } = options;
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      for await (const item of untilBroken(options)) {
        const expected = place.get() + 1;
        if (firstOf(item) !== expected) throw new GapError(`expected ${expected}, got ${firstOf(item)}`);
        if ('entry' in item) yield item.entry;
        place.set(lastOf(item));
        pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if (error instanceof GapError || error instanceof RefusedError) throw error;
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

async function* untilBroken(options: Options): AsyncGenerator<Item> {
  for (;;) {
    const page = await readPage(options);
    yield* itemsOf(page);
    if (page.through >= page.end) break;
  }
  yield* readStream(options);
}

async function readPage({ ask, place, filter, signal }: Options): Promise<Page> {
  const query = new URLSearchParams({ ...filter, after: String(place.get()), limit: String(PAGE) });
  const response = await ask(`/v1/audit/entries?${query}`, {}, signal);
  await mustBeGood(response);
  return (await response.json()) as Page;
}

async function* readStream({ ask, place, filter, signal }: Options): AsyncGenerator<Item> {
  const query = new URLSearchParams(filter);
  const hangUp = new AbortController();
  const silence = setTimeout(() => hangUp.abort(), SILENT_MS);
  try {
    const line = AbortSignal.any([signal, hangUp.signal]);
    const response = await ask(`/v1/audit/stream?${query}`, { 'last-event-id': String(place.get()) }, line);
    await mustBeGood(response);
    for await (const { event, data } of serverSentEvents(beating(response, silence))) {
      if (event === 'erx.stream.cut') return;
      yield event === 'erx.stream.passed-over' ? { passedOver: JSON.parse(data) } : { entry: JSON.parse(data) };
    }
  } finally {
    clearTimeout(silence);
    hangUp.abort();
  }
}

/** Whatever comes, be it a heartbeat, shows that the line lives. */
async function* beating({ body }: Response, silence: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  for await (const chunk of body ?? []) {
    silence.refresh();
    yield chunk;
  }
}

/** Throws RefusedError, or after the pause that the hub asks for an error that means «again». */
async function mustBeGood(response: Response): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  const isForNow = [401, 429, 502, 503, 504].includes(response.status);
  if (!isForNow) throw new RefusedError(`HTTP ${response.status} ${text.slice(0, 300)}`);
  await sleep(1_000 * Number(response.headers.get('retry-after') ?? 0));
  throw new Error(`HTTP ${response.status}`);
}

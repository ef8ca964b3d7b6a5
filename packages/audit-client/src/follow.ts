import { setTimeout as sleep } from 'node:timers/promises';
import { type Ask, mustBeGood, RefusedError } from './answers.ts';
import { type Told, untilSigned } from './hold.ts';
import { type AuditEntry, firstOf, type Item, itemsOf, lastOf, type Page } from './items.ts';
import type { Place } from './place.ts';
import { type Proven, Prover, UnprovenError, type Witnesses } from './prove.ts';
import { BEAT, serverSentEvents } from './server-sent-events.ts';

type Options = {
  ask: Ask;
  /** Verifier keys (C2SP signed-note) of the hub's log; more than one while it changes. */
  keys: readonly string[];
  /** Whose cosignatures a tree must bear before anything in it is believed; none: the log's signature is enough. */
  witnesses?: Witnesses;
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

const PAGE = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** The hub's stream beats every 15 s: a line that is silent for longer is dead. */
const SILENT_MS = 60_000;

/**
 * Every entry of the division from the kept place on, in order: by pages until the end, then by the stream as they come,
 * and by pages again whenever the stream breaks or cannot be had. Each is verified against the public log before it is
 * given. Throws GapError when a number is missing, UnprovenError when an entry or the log is not what was signed, and
 * RefusedError when the hub refuses; goes on for ever otherwise, until the signal aborts.
 */
export async function* followAudit(options: Options): AsyncGenerator<AuditEntry & { proven: Proven }> {
  const { place, signal } = options;
  const start = place.get();
  const prover = new Prover(options, start.log);
  let { number } = start;
  using _kept = { [Symbol.dispose]: () => place.flush() };
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      for await (const item of untilBroken(options, prover, () => number)) {
        const expected = number + 1;
        if (firstOf(item) !== expected) throw new GapError(`expected ${expected}, got ${firstOf(item)}`);
        if ('entry' in item) yield { ...item.entry, proven: await prover.prove(item.entry) };
        number = lastOf(item);
        place.set({ number, ...(prover.place === undefined ? {} : { log: prover.place }) });
        pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof GapError || error instanceof UnprovenError || error instanceof RefusedError;

async function* untilBroken(options: Options, prover: Prover, number: () => number): AsyncGenerator<Item> {
  for (;;) {
    const page = await readPage(options, number());
    if (page.checkpoint !== undefined) await prover.takeUp(page.checkpoint);
    yield* itemsOf(page);
    if (page.through >= page.end) break;
  }
  yield* untilSigned(readStream(options, number()), prover);
}

async function readPage({ ask, filter, signal }: Options, after: number): Promise<Page> {
  const query = new URLSearchParams({ ...filter, after: String(after), limit: String(PAGE) });
  const response = await ask(`/v1/audit/entries?${query}`, {}, signal);
  await mustBeGood(response);
  return (await response.json()) as Page;
}

async function* readStream({ ask, filter, signal }: Options, after: number): AsyncGenerator<Told> {
  const query = new URLSearchParams(filter);
  const hangUp = new AbortController();
  const silence = setTimeout(() => hangUp.abort(), SILENT_MS);
  try {
    const line = AbortSignal.any([signal, hangUp.signal]);
    const response = await ask(`/v1/audit/stream?${query}`, { 'last-event-id': String(after) }, line);
    await mustBeGood(response);
    for await (const { event, data } of serverSentEvents(beating(response, silence))) {
      if (event === 'erx.stream.cut') return;
      if (event === BEAT) yield { beat: true };
      else if (event === 'erx.stream.passed-over') yield { passedOver: JSON.parse(data) };
      else if (event === 'erx.stream.checkpoint') yield { checkpoint: JSON.parse(data) };
      // What later hubs may tell of the stream itself is no entry.
      else if (!event.startsWith('erx.stream.')) yield { entry: JSON.parse(data) };
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

import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@erx/postgres';
import { perService, type ServiceName, serviceNames } from '../services.ts';
import { seconds } from './striker.ts';

/** The longest that anything was under way, in seconds, with its name. */
export type Longest = { sale: Seen; event: Seen };
type Seen = { seconds: number; id: string };

export type InFlightWatch = AsyncDisposable & {
  longest(): Longest;
  /** The longest time without a look that succeeded, in seconds: nothing is known of it. */
  blind(): number;
};

const LOOK_MS = 1_000;
const SETTLED = ['COMPLETED', 'HANDED_OVER', 'ABANDONED', 'REVERSED'];

/**
 * Looks each second at what is under way in the databases of a hub: sales that have no end yet, events that wait for
 * the broker. Ages are the watcher's own, from first seen to last seen: a look that fails because the database is away
 * ends nothing.
 */
export function watchInFlight(databases: Record<ServiceName, string>): InFlightWatch {
  const stop = new AbortController();
  const opened = perService((name) => openDatabase(databases[name], 1, 'chaos'));
  const firstSeen = new Map<string, number>();
  const longest: Longest = { sale: { seconds: 0, id: '' }, event: { seconds: 0, id: '' } };

  const see = (kind: keyof Longest, ids: readonly string[]): void => {
    const now = Date.now();
    const names = new Set(ids.map((id) => `${kind}/${id}`));
    for (const key of firstSeen.keys()) if (key.startsWith(`${kind}/`) && !names.has(key)) firstSeen.delete(key);
    for (const id of ids) {
      const key = `${kind}/${id}`;
      const since = firstSeen.get(key) ?? now;
      firstSeen.set(key, since);
      const age = seconds(now - since);
      if (age > longest[kind].seconds) longest[kind] = { seconds: age, id };
    }
  };

  const look = async (): Promise<void> => {
    const sales = await opened.dispensing.sql<{ id: string }[]>`
      select sale_id as id from sale where state <> all(${SETTLED})`;
    see(
      'sale',
      sales.map(({ id }) => id),
    );
    const waiting = await Promise.all(
      serviceNames.map(async (name) => {
        const rows = await opened[name].sql<{ id: string }[]>`
          select event_id as id from outbox where published_at is null order by seq limit 1`;
        return rows.map(({ id }) => `${name}/${id}`);
      }),
    );
    see('event', waiting.flat());
  };

  let [lastLook, blindMs] = [Date.now(), 0];
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await look();
        blindMs = Math.max(blindMs, Date.now() - lastLook);
        lastLook = Date.now();
      } catch {
        // the database has just been killed
      }
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const watching = watch();
  return {
    longest: () => longest,
    blind: () => seconds(Math.max(blindMs, Date.now() - lastLook)),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
      await Promise.all(serviceNames.map((name) => opened[name].close().catch(() => {})));
    },
  };
}

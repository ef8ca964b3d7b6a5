import { EventEmitter, once } from 'node:events';
import type { Database } from '@erx/postgres';
import { NEWS } from '../store/numbering.ts';

/** Tells which divisions have new entries, on one connection for all who follow. */
export type News = {
  /** How often a division had news since the start. */
  count(division: string): number;
  /** Resolves when that count is no longer `seen`, or when the signal aborts. */
  next(division: string, seen: number, signal: AbortSignal): Promise<void>;
};

export async function listenForNews({ sql }: Database): Promise<News & AsyncDisposable> {
  const counts = new Map<string, number>();
  const bell = new EventEmitter().setMaxListeners(0);
  const count = (division: string): number => counts.get(division) ?? 0;
  const { unlisten } = await sql.listen(NEWS, (division) => {
    counts.set(division, count(division) + 1);
    bell.emit(division);
  });
  return {
    count,
    async next(division, seen, signal) {
      if (count(division) === seen && !signal.aborted) await once(bell, division, { signal }).catch(() => {});
    },
    async [Symbol.asyncDispose]() {
      await unlisten();
    },
  };
}

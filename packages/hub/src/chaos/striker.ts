import { setTimeout as sleep } from 'node:timers/promises';
import type { Kept } from '../process/keep-alive.ts';
import type { Strike } from './plan.ts';

export type Kill = {
  /** Seconds since the first play began. */
  at: number;
  process: string;
  /** Plays that had begun and not ended. */
  playsInFlight: number;
  /** Seconds until the process served again; absent when it never did. */
  recovered?: number;
};

const LOOK_MS = 20;
const COMES_BACK_WITHIN_MS = 120_000;

/**
 * Kills by SIGKILL what a plan names, each at its moment, and measures how long each needs to serve again. Resolves when
 * every strike was made and everybody serves, or did not come back in time.
 */
export async function strikeAll(options: {
  strikes: readonly Strike[];
  kept: ReadonlyMap<string, Kept>;
  playsInFlight(): number;
  onKill(kill: Kill): void;
  signal: AbortSignal;
}): Promise<Kill[]> {
  const { strikes, kept, playsInFlight, onKill, signal } = options;
  const began = Date.now();
  const kills: Kill[] = [];

  const strike = async (name: string): Promise<void> => {
    const victim = kept.get(name);
    // Nothing to kill while it is between two lives: it is killed as soon as it lives.
    while (victim !== undefined && victim.pid === undefined && !signal.aborted) await sleep(LOOK_MS);
    const pid = victim?.pid;
    if (victim === undefined || pid === undefined) return;
    const killed = Date.now();
    process.kill(pid, 'SIGKILL');
    const kill: Kill = { at: seconds(killed - began), process: name, playsInFlight: playsInFlight() };
    kills.push(kill);
    onKill(kill);
    while (Date.now() - killed < COMES_BACK_WITHIN_MS && !signal.aborted) {
      await sleep(LOOK_MS);
      if (victim.pid === pid || !victim.serving) continue;
      kill.recovered = seconds(Date.now() - killed);
      return;
    }
  };

  const struck: Promise<void>[] = [];
  for (const { atMs, victims } of strikes) {
    await sleep(Math.max(0, began + atMs - Date.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    struck.push(...victims.map(strike));
  }
  await Promise.all(struck);
  return kills;
}

export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

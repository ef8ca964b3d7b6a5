import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 1_000;

/** Between two looks: short at first, growing, so that nobody storms a hub that has trouble. */
export function growingPause(firstMs: number): () => Promise<void> {
  let next = firstMs;
  return async () => {
    await sleep(next);
    next = Math.min(next * 1.5, LONGEST_MS);
  };
}

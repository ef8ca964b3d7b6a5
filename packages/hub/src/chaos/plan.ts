import { createHash } from 'node:crypto';

/** One moment of a plan: who is killed, and how long after the plan's beginning. */
export type Strike = { atMs: number; victims: readonly string[] };

/** Never longer without a kill. */
const LONGEST_GAP_MS = 10_000;
/** A calmer pace where there is time, so that most victims meet a hub that works again. */
const USUAL_GAP_MS = 6_500;
/** The first moments belong to the plays that have to be in flight. */
const FIRST_MS = 2_000;
/** One strike in so many takes a second victim along. */
const PAIR_EVERY = 5;

/**
 * Who is killed when, by the seed: rounds in which everybody has a turn, in another order each time, so that nobody is
 * spared. Gaps vary by half and stay below ten seconds; a short run strikes faster, to reach everybody once.
 */
export function planStrikes(seed: string, durationMs: number, everybody: readonly string[]): Strike[] {
  const random = chance(`erx-chaos/${seed}`);
  const pace = Math.min(USUAL_GAP_MS, (durationMs - FIRST_MS) / (everybody.length * 1.05));
  const strikes: Strike[] = [];
  const spared = new Set(everybody);
  let round: string[] = [];
  const next = (but?: string): string => {
    if (round.length === 0) round = shuffled(everybody, random);
    const place = round.findIndex((name) => name !== but);
    return round.splice(Math.max(0, place), 1)[0] ?? '';
  };
  for (let atMs = FIRST_MS; atMs < durationMs; ) {
    const first = next();
    const pair = everybody.length > 1 && random() * PAIR_EVERY < 1;
    const second = pair ? next(first) : first;
    strikes.push({ atMs: Math.floor(atMs), victims: second === first ? [first] : [first, second] });
    for (const name of [first, second]) spared.delete(name);
    const leavesTimeForAll = spared.size === 0 ? LONGEST_GAP_MS : (durationMs - atMs) / (spared.size + 1);
    atMs += Math.min(LONGEST_GAP_MS - 500, pace * (0.5 + random()), leavesTimeForAll);
  }
  return strikes;
}

/** Numbers from 0 up to, not including, 1, that depend on the seed only. */
function chance(seed: string): () => number {
  let count = 0;
  return () => {
    const hash = createHash('sha256').update(`${seed}/${count}`).digest();
    count += 1;
    return hash.readUIntBE(0, 6) / 2 ** 48;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}

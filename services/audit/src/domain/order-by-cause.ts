/** An entry that a subscription takes up, in the order of its numbers. */
export type Candidate = { number: bigint; eventId: string; causationId: string | undefined; isFresh: boolean };

/**
 * What is known about a cause that is not among the candidates: recorded or not, and its number in the division.
 * Undefined: nothing of it has been recorded.
 */
export type Recorded = { number: bigint | undefined };

export type TakeUp<T> =
  /** In the order of sending. Numbers up to `through` are done with. */
  | { entries: T[]; through: bigint }
  /** The cause of a candidate stands behind the last one: look again, up to this number. */
  | { lookUpTo: bigint };

/**
 * Kafka orders within a partition only: an effect may be recorded before its cause. Puts causes before effects. A fresh
 * effect whose cause has not been recorded yet is left for later, with everything behind it; one that is no longer fresh
 * goes on without (its cause may have been parked). `isFarEnough`: causes farther behind are not looked for.
 */
export function takeUp<T extends Candidate>(
  candidates: readonly T[],
  through: bigint,
  recorded: ReadonlyMap<string, Recorded>,
  isFarEnough: boolean,
): TakeUp<T> {
  const here = new Map(candidates.map((each) => [each.eventId, each]));
  let end = through;
  let behind = through;
  for (const { number, causationId, isFresh } of candidates) {
    if (causationId === undefined || here.has(causationId)) continue;
    const cause = recorded.get(causationId);
    if (cause === undefined && isFresh && number <= end) end = number - 1n;
    if (cause?.number !== undefined && cause.number > behind) behind = cause.number;
  }
  if (behind > through && end === through && !isFarEnough) return { lookUpTo: behind };
  // What is caused by something left for later is itself left for later.
  for (let before = end + 1n; before !== end; ) {
    before = end;
    for (const { number, causationId } of candidates) {
      const cause = here.get(causationId ?? '');
      if (cause !== undefined && cause.number > end && number <= end) end = number - 1n;
    }
  }
  return {
    entries: causesFirst(
      candidates.filter(({ number }) => number <= end),
      here,
    ),
    through: end,
  };
}

function causesFirst<T extends Candidate>(entries: readonly T[], here: ReadonlyMap<string, T>): T[] {
  const taken = new Set<T>();
  for (const entry of entries) {
    const chain: T[] = [];
    for (let each: T | undefined = entry; each !== undefined && !taken.has(each) && !chain.includes(each); )
      each = here.get(chain[chain.push(each) - 1]?.causationId ?? '');
    for (const each of chain.reverse()) taken.add(each);
  }
  return [...taken];
}

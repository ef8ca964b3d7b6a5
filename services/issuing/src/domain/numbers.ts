/** Serials from `first` up to, but without, `end`. Nobody else has any of them. */
export type Block = { first: bigint; end: bigint };

export type Numbers = {
  /** The next serial of a division on a day (yyyyMMdd). No serial comes twice; those of a lost block never come. */
  next(division: string, day: string): Promise<bigint>;
};

type Rest = { next: bigint; end: bigint };

/** Hands out serials from memory, and takes a new block when one is used up or a day begins. */
export function openNumbers(take: (division: string, day: string) => Promise<Block>): Numbers {
  const current = new Map<string, Rest>();
  const taking = new Map<string, Promise<Rest>>();

  async function refill(division: string, day: string): Promise<Rest> {
    const { first, end } = await take(division, day);
    const rest = { next: first, end };
    const key = `${division}/${day}`;
    for (const other of current.keys()) if (other.startsWith(`${division}/`) && other < key) current.delete(other);
    current.set(key, rest);
    return rest;
  }

  // All who wait for the same block wait for one transaction.
  function refillOnce(division: string, day: string): Promise<Rest> {
    const key = `${division}/${day}`;
    const running = taking.get(key) ?? refill(division, day).finally(() => taking.delete(key));
    taking.set(key, running);
    return running;
  }

  return {
    async next(division, day) {
      let rest = current.get(`${division}/${day}`);
      // Who waited keeps hold of the block: around midnight the next day's may already have pushed it out of memory.
      while (rest === undefined || rest.next >= rest.end) rest = await refillOnce(division, day);
      rest.next += 1n;
      return rest.next - 1n;
    },
  };
}

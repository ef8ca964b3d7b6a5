/** Serials from `first` up to, but without, `end`. Nobody else has any of them. */
export type Block = { first: bigint; end: bigint };

export type Numbers = {
  /** The next serial of a division on a day (yyyyMMdd). No serial comes twice; those of a lost block never come. */
  next(division: string, day: string): Promise<bigint>;
};

/** Hands out serials from memory, and takes a new block when one is used up or a day begins. */
export function openNumbers(take: (division: string, day: string) => Promise<Block>): Numbers {
  const current = new Map<string, { next: bigint; end: bigint }>();
  const taking = new Map<string, Promise<void>>();

  async function refill(division: string, day: string): Promise<void> {
    const { first, end } = await take(division, day);
    // Around midnight two days are asked for at once; only what lies before the newest asked for is forgotten.
    for (const key of current.keys())
      if (key.startsWith(`${division}/`) && key < `${division}/${day}`) current.delete(key);
    current.set(`${division}/${day}`, { next: first, end });
  }

  // All who wait for the same block wait for one transaction.
  function refillOnce(division: string, day: string): Promise<void> {
    const key = `${division}/${day}`;
    const running = taking.get(key) ?? refill(division, day).finally(() => taking.delete(key));
    taking.set(key, running);
    return running;
  }

  return {
    async next(division, day) {
      for (;;) {
        const block = current.get(`${division}/${day}`);
        if (block !== undefined && block.next < block.end) {
          block.next += 1n;
          return block.next - 1n;
        }
        await refillOnce(division, day);
      }
    },
  };
}

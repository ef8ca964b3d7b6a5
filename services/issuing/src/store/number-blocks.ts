import { type Database, inTransaction } from '@erx/postgres';
import type { Block } from '../domain/numbers.ts';

const SIZE = 100n;

/** Takes the next hundred serials of a division and day for this process, in a transaction of its own. */
export function takeBlock(database: Database, division: string, day: string): Promise<Block> {
  return inTransaction(database, async (tx) => {
    const [row] = await tx.sql<{ next: bigint }[]>`
      insert into number_block (division, day, next) values (${division}, ${day}, ${String(1n + SIZE)})
      on conflict (division, day) do update set next = number_block.next + ${String(SIZE)}
      returning next`;
    if (row === undefined) throw new Error('no block of numbers');
    return { first: row.next - SIZE, end: row.next };
  });
}

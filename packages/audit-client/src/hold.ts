import type { Checkpoint, Item } from './items.ts';
import type { Prover } from './prove.ts';

/** What a stream tells; `beat`: that it lives. */
export type Told = Item | { checkpoint: Checkpoint } | { beat: true };

/** The hub tells the tree of an entry within two seconds; beyond these the prover asks for it. */
const HELD_MS = 5_000;
const MOST_HELD = 1_000;

/** The entries of a stream, each when the stream has told the tree that holds it: nobody has to ask for that. */
export async function* untilSigned(stream: AsyncIterable<Told>, prover: Prover): AsyncGenerator<Item> {
  const held: Item[] = [];
  let since = 0;
  for await (const told of stream) {
    if ('checkpoint' in told) await prover.takeUp(told.checkpoint);
    else if (!('beat' in told)) {
      if (held.length === 0) since = Date.now();
      held.push(told);
    }
    const areLate = held.length >= MOST_HELD || Date.now() - since > HELD_MS;
    for (let [item] = held; item !== undefined && (areLate || prover.isTold(item)); [item] = held) {
      yield item;
      held.shift();
    }
  }
  yield* held;
}

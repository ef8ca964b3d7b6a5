import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import { divisionsOf } from '../domain/divisions.ts';
import { insertEntries } from '../store/entry-store.ts';
import { indexHistory } from '../store/history-store.ts';
import { giveNumbers } from '../store/numbering.ts';

/** GX-3m, JL-0: every event enters the record once, with its number in each division that it concerns. */
export async function recordEvents(
  tx: Tx,
  events: readonly ConsumedEvent[],
  cluster: string,
  recordedAt: Date,
): Promise<void> {
  await insertEntries(tx, events, cluster, recordedAt);
  const placings = events.flatMap(({ id, headers }) =>
    divisionsOf(headers['ce_territory']).map((division) => ({ eventId: id, division })),
  );
  await giveNumbers(tx, placings);
  await indexHistory(tx, events);
}

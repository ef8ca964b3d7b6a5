import type { ConsumedEvent } from '@erx/messaging';
import type { Tx } from '@erx/postgres';
import { runsOf } from '../domain/runs.ts';
import { indexHistory } from '../store/history-store.ts';
import { makeLeaves } from '../store/log-leaf.ts';
import { appendEvents } from '../store/record.ts';

/**
 * GX-3m, JL-0: every event enters the record and the log once, with its number in each division that it concerns. The
 * events may come from several topics.
 */
export async function recordEvents(
  tx: Tx,
  events: readonly ConsumedEvent[],
  cluster: string,
  recordedAt: Date,
): Promise<void> {
  await appendEvents(tx, events, makeLeaves(events), runsOf(events), { cluster, recordedAt });
  await indexHistory(tx, events);
}

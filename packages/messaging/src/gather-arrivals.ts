import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';

/** A message, where it came from, and how to tell its group that somebody is still at work on it. */
export type Arrival = { topic: string; partition: number; message: KafkaMessage; heartbeat: () => Promise<void> };

/** Resolves when these have had their effect. */
export type GatherAndApply = (arrivals: readonly Arrival[]) => Promise<void>;

/**
 * One transaction for whatever the partitions have brought meanwhile: what arrives while one runs goes into the next,
 * so that a busy consumer commits rarely and an idle one at once. Each list stays in order and in one piece.
 */
export function gatherArrivals(most: number, apply: (arrivals: readonly Arrival[]) => Promise<void>): GatherAndApply {
  const waiting: { arrivals: readonly Arrival[]; done: PromiseWithResolvers<void> }[] = [];
  let busy = false;

  const work = async (): Promise<void> => {
    busy = true;
    // The client hands the partitions of one answer over one by one, all within this turn.
    await nextTurn();
    while (waiting.length > 0) {
      const together = waiting.splice(0, 1);
      let count = together[0]?.arrivals.length ?? 0;
      while (waiting[0] !== undefined && count + waiting[0].arrivals.length <= most) {
        count += waiting[0].arrivals.length;
        together.push(...waiting.splice(0, 1));
      }
      try {
        await apply(together.flatMap(({ arrivals }) => arrivals));
        for (const { done } of together) done.resolve();
      } catch (error) {
        for (const { done } of together) done.reject(error);
      }
    }
    busy = false;
  };

  return (arrivals) => {
    const done = Promise.withResolvers<void>();
    waiting.push({ arrivals, done });
    if (!busy) void work();
    return done.promise;
  };
}

import type { Logger } from '@erx/telemetry';
import type { Consumer } from 'kafkajs';

type Offset = { topic: string; partition: number; offset: string };

export type OffsetKeeper = AsyncDisposable & {
  /** Everything of this partition up to and with `offset` has had its effect. */
  done(topic: string, partition: number, offset: string): void;
};

const INTERVAL_MS = 1_000;

/**
 * Commits offsets once a second and at the end. What a crash leaves uncommitted is read again and found in the inbox,
 * so a commit after each transaction would buy nothing.
 */
export function keepOffsets(consumer: () => Pick<Consumer, 'commitOffsets'>, log: Logger): OffsetKeeper {
  const waiting = new Map<string, Offset>();
  const commit = async (): Promise<void> => {
    const entries = [...waiting];
    if (entries.length === 0) return;
    try {
      await consumer().commitOffsets(entries.map(([, offset]) => offset));
      for (const [key, offset] of entries) if (waiting.get(key) === offset) waiting.delete(key);
    } catch (error) {
      log.debug({ err: error }, 'offsets not committed, next try in a second');
    }
  };
  const timer = setInterval(commit, INTERVAL_MS);
  return {
    done(topic, partition, offset) {
      waiting.set(`${topic}/${partition}`, { topic, partition, offset: (BigInt(offset) + 1n).toString() });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await commit();
    },
  };
}

import { readCompacted } from '@erx/messaging';
import { type Topic, topics } from '@erx/proto/topics';
import type { Logger } from '@erx/telemetry';
import { type Lookups, ReferenceStore } from './store.ts';

export type Reference = Lookups & AsyncDisposable;

const referenceTopics = (Object.keys(topics) as Topic[]).filter((topic) => topics[topic].retentionMs === 'compacted');

/** Opens this process's read copy of reference data; resolves when it has caught up with what stood in the topics. */
export async function openReference(options: {
  brokers: readonly string[];
  service: string;
  log: Logger;
}): Promise<Reference> {
  const store = new ReferenceStore();
  const reader = await readCompacted({
    ...options,
    topics: referenceTopics,
    onEvent: (event) => store.apply(event.type, event.payload),
  });
  await reader.ready;
  return Object.assign(store, {
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  });
}

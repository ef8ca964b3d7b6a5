import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CompactedReader, readCompacted } from '@erx/messaging';
import type { Database } from '@erx/postgres';
import { type Topic, topics } from '@erx/proto/topics';
import type { Logger } from '@erx/telemetry';
import { type Lookups, ReferenceStore } from './store.ts';

export type Reference = Lookups & Pick<ReferenceStore, 'contents'> & AsyncDisposable;

const NOTE_MS = 5_000;

const referenceTopics = (Object.keys(topics) as Topic[]).filter((topic) => topics[topic].retentionMs === 'compacted');

/**
 * Opens this process's read copy of reference data; resolves when it has caught up with what stood in the topics. Its
 * age and its hash are noted in the service's database.
 */
export async function openReference(options: {
  database: Database;
  brokers: readonly string[];
  service: string;
  log: Logger;
}): Promise<Reference> {
  const { brokers, service, log } = options;
  const store = new ReferenceStore();
  const reader = await readCompacted({
    brokers,
    service,
    log,
    topics: referenceTopics,
    onEvent: (event) => store.apply(event.type, event.payload),
  });
  await reader.ready;
  const notes = noteContents(options, store, reader);
  return Object.assign(store, {
    async [Symbol.asyncDispose]() {
      await notes[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
    },
  });
}

/** Writes down every few seconds what this copy holds; copies of processes that are gone are struck off. */
function noteContents(
  { database: { sql }, log }: { database: Database; log: Logger },
  store: ReferenceStore,
  reader: CompactedReader,
): AsyncDisposable {
  const instance = randomUUID();
  const startedAt = new Date().toISOString();
  const stop = new AbortController();
  const note = async (): Promise<void> => {
    const { entries, hash } = store.contents();
    const currentAt = reader.currentAt()?.toISOString() ?? null;
    await sql`
      insert into read_copy (instance, started_at, current_at, entries, hash)
      values (${instance}, ${startedAt}, ${currentAt}, ${entries}, ${hash})
      on conflict (instance) do update set
        current_at = excluded.current_at, entries = excluded.entries, hash = excluded.hash, written_at = now()`;
    await sql`delete from read_copy where written_at < now() - interval '1 minute'`;
  };
  const keepNoting = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await note().catch((error: unknown) => log.debug({ err: error }, 'read copy is not noted'));
      await sleep(NOTE_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
    await sql`delete from read_copy where instance = ${instance}`.catch(() => {});
  };
  const noting = keepNoting();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await noting;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { messagingMigrations, outgoing } from '@erx/messaging';
import { type Database, migrate, openDatabase } from '@erx/postgres';
import { ProfilePublished } from '@erx/proto/registry/v1/registry_events';
import type { Topic } from '@erx/proto/topics';
import { createLogger } from '@erx/telemetry';
import { freshDatabase } from '@erx/testkit';
import kafkajs from 'kafkajs';

export const log = createLogger('test', 'silent');
export const topic = 'erx.dispensing.prescription.v1';

export async function database(name: string): Promise<Database> {
  const opened = openDatabase(await freshDatabase(name), 4, name);
  await migrate(opened, [messagingMigrations]);
  return opened;
}

export function viewed(prescriptionId: string, lockId: string) {
  return outgoing(
    'erx.dispensing.v1.HistoryViewed',
    { context: undefined, prescriptionId, lockId, pharmacistId: 'p' },
    { source: 'dispensing', key: prescriptionId, at: new Date(0), territory: ['420106'] },
  );
}

export function profile(code: string, revision: bigint) {
  const payload = ProfilePublished.fromPartial({ code, division: code, revision });
  return outgoing('erx.registry.v1.ProfilePublished', payload, { source: 'registry', key: code, at: new Date(0) });
}

/** A relay in a process of its own, which can be frozen and killed. */
export function spawnRelay(database: Database, brokers: readonly string[]): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', new URL('relay-process.ts', import.meta.url).pathname],
    { env: { ...process.env, RELAY_DATABASE: database.url, RELAY_BROKERS: brokers.join(',') }, stdio: 'ignore' },
  );
}

/** Resolves when somebody holds the relay's lock; gives the server process of that session. */
export async function holder({ sql }: Database): Promise<number | undefined> {
  const [row] = await sql<{ pid: number }[]>`
    select pid from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where locktype = 'advisory' and granted and datname = current_database()`;
  return row?.pid;
}

/** Everything that stands in a topic, committed, in order of partition and offset: key and event id. */
export async function readTopic(brokers: readonly string[], name: Topic): Promise<{ key: string; id: string }[]> {
  const { kafka, qualify } = rawKafka(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(qualify(name));
  await admin.disconnect();
  const waiting = new Set(ends.filter(({ high }) => high !== '0').map(({ partition }) => partition));
  const found: { partition: number; offset: bigint; key: string; id: string }[] = [];
  const consumer = kafka.consumer({ groupId: `read-${crypto.randomUUID()}` });
  const done = Promise.withResolvers<void>();
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, offsetLag } }) => {
    if (offsetLag === '0') waiting.delete(partition);
    if (waiting.size === 0) done.resolve();
  });
  if (waiting.size === 0) done.resolve();
  await consumer.connect();
  await consumer.subscribe({ topics: [qualify(name)], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const id = message.headers?.['ce_id']?.toString() ?? '';
      found.push({ partition, offset: BigInt(message.offset), key: message.key?.toString() ?? '', id });
    },
  });
  await done.promise;
  await consumer.disconnect();
  const inOrder = found.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  return inOrder.map(({ key, id }) => ({ key, id }));
}

/** The cluster as anybody may use it, past our own library. */
export function rawKafka(brokers: readonly string[]) {
  const [addresses = '', namespace] = (brokers[0] ?? '').split('/');
  const kafka = new kafkajs.Kafka({ brokers: addresses.split(','), logLevel: kafkajs.logLevel.NOTHING });
  return { kafka, qualify: (name: string) => `${namespace}.${name}` };
}

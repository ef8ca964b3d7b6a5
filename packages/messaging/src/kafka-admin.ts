import { setTimeout as sleep } from 'node:timers/promises';
import { COMPACTION_LAG_MS, type TopicSettings, topics } from '@erx/proto/topics';
import type { Admin } from 'kafkajs';
import { openKafka } from './kafka.ts';

/** Resolves when the broker answers and its group coordinator is there; throws after `timeoutMs`. */
export async function waitForBroker(brokers: readonly string[], timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const admin = openKafka(brokers, 'readiness').kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      await admin.describeCluster();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`the broker at ${brokers.join(',')} does not answer`, { cause: error });
      await sleep(200);
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
}

/** The name that a cluster was given when it was made: offsets of another one mean something else. */
export async function clusterId(brokers: readonly string[]): Promise<string> {
  const admin = openKafka(brokers, 'naming').kafka.admin();
  await admin.connect();
  try {
    return (await admin.describeCluster()).clusterId;
  } finally {
    await admin.disconnect();
  }
}

/** Creates the topics of the catalogue that do not exist yet; resolves when every partition has its leader. */
export async function provisionTopics(brokers: readonly string[]): Promise<void> {
  const { kafka, qualify } = openKafka(brokers, 'provisioning');
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = Object.entries(topics).filter(([name]) => !existing.has(qualify(name)));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: false, // the client's own wait gives up when the broker has not heard of the topic yet
      topics: missing.map(([topic, settings]) => ({
        topic: qualify(topic),
        numPartitions: settings.partitions,
        configEntries: configEntries(settings),
      })),
    });
    await untilLed(
      admin,
      missing.map(([name]) => qualify(name)),
    );
  } finally {
    await admin.disconnect();
  }
}

const LEADERS_MS = 20_000;

// The metadata name a leader before that leader serves: only answered offsets prove it.
async function untilLed(admin: Admin, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + LEADERS_MS;
  for (;;) {
    try {
      await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`the broker does not serve its new topics after ${LEADERS_MS / 1000} s`, { cause: error });
      }
      await sleep(50);
    }
  }
}

function configEntries(settings: TopicSettings): { name: string; value: string }[] {
  if (settings.retentionMs !== 'compacted') {
    return [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: String(settings.retentionMs) },
    ];
  }
  return [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'min.compaction.lag.ms', value: String(COMPACTION_LAG_MS) },
  ];
}

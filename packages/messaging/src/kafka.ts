// The only import of the Kafka client.
import './quiet-request-queue.ts';
import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs';
import { readBrokers } from './broker-address.ts';

export type Cluster = {
  kafka: Kafka;
  /** The name of a topic or group on this cluster. */
  qualify(name: string): string;
};

/**
 * A client. In a namespace several hubs (or tests) share a cluster, each with its own topics and groups below that name.
 * The client's own log lines are switched off: they quote message contents.
 */
export function openKafka(brokers: readonly string[], clientId: string): Cluster {
  const { addresses, namespace, ssl } = readBrokers(brokers);
  const kafka = new kafkajs.Kafka({
    clientId: `erx-${clientId}`,
    brokers: addresses,
    ...(ssl === undefined ? {} : { ssl }),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  return { kafka, qualify: (name) => (namespace === '' ? name : `${namespace}.${name}`) };
}

/** Exactly one copy in order per partition: idempotent, one request in flight, all replicas. */
export function openProducer(cluster: Cluster): Producer {
  return cluster.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
}

/** The same in transactions under a name: the first transaction of a newer producer shuts out an older one. */
export function openFencedProducer(cluster: Cluster, name: string): Producer {
  return cluster.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    transactionalId: cluster.qualify(name),
    // What a killed process left open holds readers up no longer than this.
    transactionTimeout: 10_000,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
}

/** The broker answers when so much has come, or after so long. */
export type Patience = { bytes: number; ms: number };
/** At once. */
const NONE: Patience = { bytes: 1, ms: 500 };

export function openConsumer(cluster: Cluster, group: string, patience = NONE): Consumer {
  return cluster.kafka.consumer({
    groupId: cluster.qualify(group),
    // A killed consumer stalls its partitions for one session.
    sessionTimeout: 8_000,
    heartbeatInterval: 2_000,
    minBytes: patience.bytes,
    maxWaitTimeInMs: patience.ms,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => false },
  });
}

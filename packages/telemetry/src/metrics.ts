import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Everything that this process measures. */
export const registry = new Registry();
const registers = [registry];

// Around the promises: 20 ms (trace-code check), 150 and 300 ms (counter), 5 s (a call's deadline).
const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.6, 1, 2, 5, 10];

const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
  new Gauge({ name, help, labelNames, registers });
const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
  new Counter({ name, help, labelNames, registers });
const histogram = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
  new Histogram({ name, help, labelNames, registers, buckets: SECONDS });

/**
 * Every figure of the hub, with its unit at the end of its name. Labels are names of the hub's own parts and codes of
 * its catalogues, so their values are few and known; a person, an institution or a number is never one.
 */
export const metrics = {
  httpDuration: histogram('erx_http_duration_seconds', 'HTTP requests by route', 'method', 'route', 'status'),
  refusals: counter('erx_refusals_total', 'Refusals that clients were given, by code', 'code'),
  refusalsUnrecorded: counter(
    'erx_refusals_unrecorded_total',
    'Refusals beyond the bound of a client, which the audit has no entry of',
    'service',
  ),
  grpcServed: histogram('erx_grpc_server_duration_seconds', 'gRPC calls answered', 'service', 'method', 'outcome'),
  grpcAsked: histogram('erx_grpc_client_duration_seconds', 'gRPC calls made', 'service', 'method', 'outcome'),

  outboxWaiting: gauge('erx_outbox_waiting_events', 'Events not yet published', 'service'),
  outboxOldest: gauge('erx_outbox_oldest_seconds', 'Age of the oldest event not yet published', 'service'),
  published: counter('erx_outbox_published_events_total', 'Events published', 'service', 'topic'),
  consumerLag: gauge('erx_consumer_lag_events', 'Events in the topic after the last one applied', 'consumer', 'topic'),
  consumerOldest: gauge('erx_consumer_oldest_seconds', 'Age of the event that waits to be applied', 'consumer'),
  consumerSilent: gauge('erx_consumer_silent_seconds', 'Time since the broker last answered', 'consumer'),
  applied: counter('erx_consumer_applied_events_total', 'Events applied', 'consumer', 'topic'),
  parked: gauge('erx_parked_events', 'Messages set aside', 'service'),

  salesInFlight: gauge('erx_sales_in_flight', 'Sales and reversals not yet at their end', 'service'),
  salesOldest: gauge('erx_sales_oldest_seconds', 'Age of the oldest sale in flight', 'service'),
  readCopyAge: gauge('erx_read_copy_age_seconds', 'Age of the oldest read copy of reference data', 'service'),
  checkpointAge: gauge('erx_checkpoint_age_seconds', 'Time since the log was last signed', 'service'),
  witnessAge: gauge('erx_witness_age_seconds', 'Time since the most silent witness cosigned the log', 'service'),

  databaseUp: gauge('erx_database_up', '1: the database answered the last look', 'service'),
  connections: gauge('erx_database_connections', 'Connections of the pool by state', 'service', 'state'),
  connectionsMax: gauge('erx_database_connections_max', 'Size of the pool', 'service'),
} as const;

/** Memory, processor time, pauses of the event loop. Once per process. */
export function measureProcess(): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
}

const looks = new Set<() => Promise<void>>();

/** Has `look` set its gauges each time somebody reads them. */
export function beforeReading(look: () => Promise<void>): Disposable {
  looks.add(look);
  return { [Symbol.dispose]: () => void looks.delete(look) };
}

/** Brings all gauges up to date. A look that fails leaves its gauges as they are. */
export async function refreshGauges(): Promise<void> {
  await Promise.allSettled([...looks].map((look) => look()));
}

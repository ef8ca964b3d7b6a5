// Loaded by open-export.ts, and only when there is somewhere to send to.
import { setTimeout as sleep } from 'node:timers/promises';
import { PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { collectFigures } from './collect-figures.ts';

/** A collector that is away must not hold up a process that leaves. */
const LAST_WORDS_MS = 2_000;

/** Starts the SDK as OTEL_* variables say (endpoint, protocol, headers, sampler, batches, resource attributes). */
export async function startSdk(service: string, env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const everyMs = Number(env['OTEL_METRIC_EXPORT_INTERVAL'] || 60_000);
  const exporter = await metricExporter(env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf');
  const sdk = startNodeSdk({
    logLevel: env['OTEL_LOG_LEVEL'] ?? 'none', // its own words go around the service's logger
    resourceAttributes: { 'service.name': `erx-${service}` },
    instrumentations: [],
    logRecordProcessors: [],
    metricReaders: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: everyMs,
        exportTimeoutMillis: Math.min(everyMs, 30_000),
        metricProducers: [{ collect: collectFigures }],
      }),
    ],
  });
  return {
    async [Symbol.asyncDispose]() {
      const sent = sdk.shutdown().catch(() => {});
      await Promise.race([sent, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    },
  };
}

async function metricExporter(protocol: string): Promise<PushMetricExporter> {
  switch (protocol) {
    case 'grpc':
      return new (await import('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter();
    case 'http/json':
      return new (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter();
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter();
    default:
      throw new Error('OTEL_EXPORTER_OTLP_PROTOCOL is none of grpc, http/json, http/protobuf');
  }
}

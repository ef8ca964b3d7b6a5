// Preloaded (`--import`) only when OTEL_EXPORTER_OTLP_ENDPOINT is set: without a collector the SDK costs memory for nothing.
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ serviceName: `erx-${process.env['ERX_SERVICE'] ?? 'unknown'}`, instrumentations: [] });
sdk.start();
process.once('beforeExit', () => void sdk.shutdown());
